/** The selector's file, as the suite writes it. */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import type { EventLog } from "../engine/event-log.ts";

/** How the file is rewritten. */
export interface Writing {
  /** `rename` puts a whole file in its place (the default); `in-place` truncates and writes, as `echo >` does. */
  readonly how?: "rename" | "in-place";
  /** A line feed at the end, as `echo` writes; true by default. */
  readonly newline?: boolean;
}

export class StateFile {
  readonly path: string;
  readonly #log: EventLog;

  constructor(path: string, log: EventLog) {
    this.path = path;
    this.#log = log;
  }

  /** Names a server: `HOST:PORT`, and a line feed. */
  select(address: string, { how = "rename", newline = true }: Writing = {}): void {
    this.write(newline ? `${address}\n` : address, how);
  }

  /** Writes any content. */
  write(content: string, how: "rename" | "in-place" = "rename"): void {
    const via = how === "rename" ? `${this.path}.new` : this.path;
    writeFileSync(via, content, "latin1");
    if (how === "rename") renameSync(via, this.path);
    this.#log.add("suite", `the state file says ${JSON.stringify(content)} (${how})`);
  }

  remove(): void {
    rmSync(this.path, { force: true });
    this.#log.add("suite", "the state file is removed");
  }
}
