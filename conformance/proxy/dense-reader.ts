/**
 * Reads a file over and over, from a process of its own: the moment in which a writer has emptied a
 * file and not yet filled it takes some ten microseconds, and so does one read.
 */
import type { CaseContext } from "../engine/run/context.ts";
import { keepTo, twoCores } from "./cores.ts";
import { runApart } from "./own-process.ts";

export interface DenseReads {
  readonly reads: number;
  /** Reads that found no file, though one had been there. */
  readonly vanished: number;
  /** What was read, Latin-1, at most 100 bytes of it, and how often. */
  readonly contents: Readonly<Record<string, number>>;
}

export interface DenseReader {
  /** Ends the reading. Rejects where the process that reads has failed. */
  stop(): Promise<DenseReads>;
}

/**
 * Run from its text in another process, so it stands on nothing outside of itself. It looks for the
 * end of its input between two slices of reading.
 */
async function readOverAndOver(path: string): Promise<void> {
  const { openSync, readSync, closeSync } = await import("node:fs");
  const { default: own } = await import("node:process");
  const sliceMs = 20;
  const buffer = new Uint8Array(100);
  const contents = new Map<string, number>();
  let [reads, vanished, there, over] = [0, 0, false, false];
  const readOnce = () => {
    let descriptor;
    try {
      descriptor = openSync(path, "r");
    } catch {
      if (there) vanished++;
      return;
    }
    there = true;
    const count = readSync(descriptor, buffer, 0, buffer.length, 0);
    closeSync(descriptor);
    reads++;
    let text = "";
    for (let i = 0; i < count; i++) text += String.fromCharCode(buffer[i] as number);
    if (contents.has(text) || contents.size < 100) {
      contents.set(text, (contents.get(text) ?? 0) + 1);
    }
  };
  const slice = () => {
    if (over) {
      const found = { reads, vanished, contents: Object.fromEntries(contents) };
      own.stdout.write(JSON.stringify(found), () => own.exit(0));
      return;
    }
    for (const until = performance.now() + sliceMs; performance.now() < until;) {
      for (let i = 0; i < 50; i++) readOnce();
    }
    setTimeout(slice, 0);
  };
  own.stdin.on("end", () => over = true).resume();
  own.stdout.write("reading\n", slice);
}

/**
 * Starts to read; resolves when it does. The program that writes the file is kept to a core of its own
 * where that can be done: it would wake on the reader's, and the reader stand still while it writes.
 */
export async function startDenseReader(
  context: CaseContext,
  path: string,
  writers: readonly number[],
): Promise<DenseReader> {
  const cores = twoCores();
  if (cores) writers.forEach((pid) => keepTo(cores[0], pid));
  const own = runApart(context, readOverAndOver, path, cores?.[1]);
  await own.firstLine;
  return {
    async stop() {
      return JSON.parse(await own.finish()) as DenseReads;
    },
  };
}
