/** For the tests of this folder: folders that are removed, and a log that is kept. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventFields, Log } from "./log.ts";

/** Runs with a new folder, by its real path, which is gone afterwards. */
export async function withFolder<T>(run: (folder: string) => T): Promise<Awaited<T>> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "steelyard-redirect-")));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A log, and the events that it took. */
export function keptLog(): { log: Log; events: [string, EventFields][] } {
  const events: [string, EventFields][] = [];
  return { events, log: (event, fields = {}) => void events.push([event, fields]) };
}
