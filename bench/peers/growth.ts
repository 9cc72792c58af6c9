/** What streams of a large body do to a server's memory. */
import type { Lifetime } from "../lifetime.ts";
import { memoryOf, resetPeak } from "./memory.ts";
import type { Server } from "./servers.ts";
import { readerCommand, streamRate } from "./streams.ts";

const MEGABYTE = 1e6;

export interface Growth {
  readonly name: string;
  /** Resident before the streams, after one small request. */
  readonly beforeBytes: number;
  /** From there to the peak during them. */
  readonly peakBytes: number;
  /** From there to what is resident once they are over. */
  readonly afterBytes: number;
}

/** Measures and prints a line. */
export async function growthOf(
  life: Lifetime,
  { name, url, process }: Server,
  { warm, path }: { readonly warm: string; readonly path: string },
): Promise<Growth> {
  await life.run(readerCommand(url + warm, 1));
  const pid = process.pid as number;
  resetPeak(pid);
  const before = memoryOf(pid).rssBytes;
  await streamRate(life, url + path, 1);
  const { rssBytes, peakBytes } = memoryOf(pid);
  const found = {
    name,
    beforeBytes: before,
    peakBytes: peakBytes - before,
    afterBytes: rssBytes - before,
  };
  const [start, peak, end] = [before, found.peakBytes, found.afterBytes].map((bytes) =>
    (bytes / MEGABYTE).toFixed(1)
  );
  console.log(`  ${name.padEnd(12)} ${start} MB before, +${peak} MB at the peak, +${end} MB after`);
  return found;
}
