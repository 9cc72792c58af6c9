/** Records an exchange twice, each time with a freshly started program. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import process from "node:process";
import { join } from "node:path";
import type { GoldenValues } from "../engine/golden/expand.ts";
import type { Golden } from "../engine/golden/parse.ts";
import { PortPool } from "../engine/process/mod.ts";
import { CaseContext } from "../engine/run/context.ts";
import type { Implementation } from "../engine/run/implementation.ts";
import { playGolden } from "./play.ts";
import type { Played } from "./play.ts";
import { startTarget } from "./targets.ts";

/** One answer of one recording, with the addresses of that recording. */
export interface Seen extends Played {
  readonly values: GoldenValues;
}

/** The same answer in both recordings. */
export type Pair = readonly [Seen, Seen];

const RECORDING_MS = 90_000;
let serial = 0;

/** A pair for each `<<<` of the golden. Throws a CaseFailure where the program does not listen. */
export async function recordTwice(
  implementation: Implementation,
  golden: Golden,
  seed = 1,
): Promise<Pair[]> {
  const ports = new PortPool();
  const folder = mkdtempSync(join(tmpdir(), "steelyard-record-"));
  const once = async (name: string): Promise<Seen[]> => {
    const context = new CaseContext(
      golden.keys.id ?? "record",
      join(folder, name),
      `record-${process.pid}-${++serial}`,
      { warp: false, fast: false, seed, timeoutMs: RECORDING_MS },
      { implementation, ports, listened: new Set(), silent: new Map() },
    );
    try {
      const target = await startTarget(context, golden);
      const played = await playGolden(golden, target);
      return played.map((one) => ({ ...one, values: target.values }));
    } finally {
      await context.end();
    }
  };
  try {
    const first = await once("first");
    const second = await once("second");
    return first.map((seen, i): Pair => [seen, second[i] as Seen]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
