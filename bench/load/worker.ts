/** Puts load on servers, as it is told. */
import { performance } from "node:perf_hooks";
import process from "node:process";
import { encodeHistogram } from "../histogram.ts";
import type { Mismatch } from "../model.ts";
import { serveLines } from "../process/lines.ts";
import { Load } from "./load.ts";
import type { Share } from "./load.ts";
import { ReferenceBodies } from "./reference-body.ts";

/** What one worker did, as a line. Histograms are base64, times milliseconds since 1970. */
export interface WorkerResult {
  /** Of all transfers: the first start, the first end and the last one. */
  readonly firstMs: number;
  readonly firstEndMs: number;
  readonly lastMs: number;
  /** Where what is counted ended in a closed loop's window, that. */
  readonly window: { readonly fromMs: number; readonly toMs: number } | null;
  readonly requests: number;
  readonly bytes: number;
  readonly latency: string;
  readonly phases: Readonly<Record<string, string>>;
  readonly failures: Readonly<Record<string, number>>;
  readonly servers: Readonly<Record<string, number>>;
  readonly mismatch: Mismatch | null;
  readonly busy: number;
  readonly late: string | null;
}

export async function loadWorker(): Promise<never> {
  const bodies = new ReferenceBodies();
  let load: Load | undefined;
  const services = {
    prepare: async (share: Share) => {
      load = new Load(share, bodies);
      await load.prepare();
    },
    run: ({ startMs }: { startMs: number }) => {
      if (!load) throw new Error("nothing was prepared");
      return result(load, startMs - performance.timeOrigin);
    },
    stop: () => load?.stop(),
  };
  await serveLines(services);
  // Connections that are open, or opening, would keep the process.
  process.exit(0);
}

async function result(load: Load, startMs: number): Promise<WorkerResult> {
  const { tally, window, busy, late } = await load.run(startMs);
  const dated = (ms: number) => ms + performance.timeOrigin;
  return {
    firstMs: dated(tally.firstMs),
    firstEndMs: dated(tally.firstEndMs),
    lastMs: dated(tally.lastMs),
    window: window && tally.inWindow
      ? { fromMs: dated(window.fromMs), toMs: dated(window.toMs) }
      : null,
    requests: tally.requests,
    bytes: tally.bytes,
    latency: encodeHistogram(tally.latency),
    phases: Object.fromEntries(
      [...tally.phases].map(([name, histogram]) => [name, encodeHistogram(histogram)]),
    ),
    failures: Object.fromEntries(tally.failures),
    servers: Object.fromEntries(tally.servers),
    mismatch: tally.mismatch ?? null,
    busy,
    late: late ? encodeHistogram(late) : null,
  };
}
