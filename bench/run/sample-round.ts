/**
 * One set-up in one round: tinybench takes samples, each a stretch of load, until the window is full.
 * Its throughput is a mean of rates, which is not the rate of the whole, so bytes and requests are
 * taken over the wall time here, and its samples are kept as they are.
 */
import { Bench } from "tinybench";
import type { OpenWorkload, SetUp, Slice } from "../model.ts";

/** Stretches of load in a window: enough to see a change within it. */
const SAMPLES = 4;
/** A shorter stretch is spent on its beginning and its end. */
const LEAST_SAMPLE_MS = 25;

export interface Sampled {
  readonly slices: readonly Slice[];
  /** Sorted, as tinybench gives them: milliseconds of wall time for one transfer. */
  readonly samplesMs: readonly number[];
}

/** Rejects as the workload's `sample` does, and with the signal's reason. */
export async function sampleRound(
  workload: OpenWorkload,
  setUp: SetUp,
  windowMs: number,
  signal: AbortSignal,
): Promise<Sampled> {
  const slices: Slice[] = [];
  const forMs = Math.max(LEAST_SAMPLE_MS, windowMs / SAMPLES);
  const bench = new Bench({
    time: windowMs,
    iterations: 1,
    warmup: false,
    retainSamples: true,
    // One clock on all runtimes.
    timestampProvider: "performanceNow",
  });
  const stretch = async () => {
    signal.throwIfAborted();
    const slice = await workload.sample(setUp, forMs, signal);
    slices.push(slice);
    // A sample is the time of one transfer, while the window is filled by the whole stretch.
    return {
      overriddenDuration: slice.wallMs / Math.max(1, slice.requests),
      overriddenIterationCost: slice.wallMs,
    };
  };
  bench.add(setUp.id, stretch, { async: true });
  const [task] = await bench.run();
  signal.throwIfAborted();
  const result = task?.result;
  // tinybench keeps what a task threw to itself.
  if (result?.state === "errored") throw result.error;
  if (result?.state !== "completed") throw new Error(`tinybench ended with ${result?.state}`);
  return { slices, samplesMs: [...result.latency.samples ?? []] };
}
