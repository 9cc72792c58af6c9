/** A proxy's counts on standard output while it runs, and once more at its end. */
import process from "node:process";
import { every, usageTable } from "../proxy/mod.ts";
import type { Usage } from "../proxy/mod.ts";

const TABLE_MS = 1000;

export interface ShowOptions {
  /** Milliseconds between two of the lab's blocks. */
  readonly statsMs?: number;
  readonly table?: boolean;
}

/** Begins; returns how to end with the last counts. */
export function showUsage(
  { statsMs, table }: ShowOptions,
  usage: () => Usage,
  usageText: (usage: Usage) => string,
): () => void {
  // Whoever read the counts is gone; the proxy goes on.
  process.stdout.on("error", () => {});
  if (statsMs !== undefined) {
    const print = () => void process.stdout.write(usageText(usage()));
    return thenLast(print, every(statsMs, print));
  }
  if (!table) return () => {};
  const shown = usageTable(process.stdout);
  const draw = () => shown.draw(usage());
  // Whatever ends the program, the terminal gets its cursor back.
  const restore = () => shown.close();
  process.once("exit", restore);
  return thenLast(() => {
    draw();
    restore();
    process.off("exit", restore);
  }, every(TABLE_MS, draw));
}

function thenLast(last: () => void, stop: () => void): () => void {
  return () => {
    stop();
    last();
  };
}
