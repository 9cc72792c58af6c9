/** A sample: one or several transfers of a set-up at the same time. */
import { decodeHistogram, mergeHistograms } from "../histogram.ts";
import type { Slice } from "../model.ts";
import { measureTransfer } from "./measure-transfer.ts";
import type { Measured, Sides } from "./measure-transfer.ts";
import { boundMs } from "./order.ts";
import type { Order } from "./order.ts";

/**
 * `seeds` are those of the losses, one for each transfer. The first that cannot be measured stops the
 * others; rejects as `measureTransfer` does, when all have ended.
 */
export async function sampleTransfers(
  sides: Sides,
  order: Order,
  seeds: readonly number[],
  signal: AbortSignal,
): Promise<Slice> {
  const all = new AbortController();
  const stop = () => all.abort(signal.reason);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const ended = await Promise.allSettled(seeds.map(async (seed) => {
    try {
      return await measureTransfer(sides, order, seed, all.signal);
    } catch (error) {
      all.abort(error);
      throw error;
    }
  }));
  signal.removeEventListener("abort", stop);
  all.signal.throwIfAborted();
  return sliceOf(order, ended.flatMap((one) => one.status === "fulfilled" ? [one.value] : []));
}

/** The latencies are of packets, those sent again included, until they were acknowledged. */
function sliceOf(order: Order, measured: readonly Measured[]): Slice {
  const delivered = measured.flatMap((one) => one.kind === "delivered" ? [one] : []);
  const mismatch = measured.flatMap((one) => one.kind === "mismatch" ? [one.mismatch] : [])[0];
  const sum = (of: (one: typeof delivered[number]) => number) =>
    delivered.reduce((total, one) => total + of(one), 0);
  const [first] = delivered;
  const meanMs = sum(({ sent }) => sent.makespanMs) / delivered.length;
  return {
    wallMs: Math.max(...measured.map(({ endedMs }) => endedMs)) -
      Math.min(...measured.map(({ startedMs }) => startedMs)),
    requests: delivered.length,
    bytes: order.bytes * delivered.length,
    latency: mergeHistograms(delivered.map(({ sent }) => decodeHistogram(sent.roundTrips))),
    failures: failuresOf(measured),
    servers: Object.fromEntries(order.receivers.map((receiver, i) => [
      receiver,
      sum(({ served }) => served.packets[i] ?? 0),
    ])),
    counts: {
      packets: sum(({ sent }) => sent.packets),
      timeouts: sum(({ sent }) => sent.timeouts),
      lost: sum(({ served }) => served.lost),
    },
    ...mismatch && { mismatch },
    ...first && { value: meanMs / boundMs(order), sequence: first.sent.sequence },
  };
}

function failuresOf(measured: readonly Measured[]): Record<string, number> {
  const failures = new Map<string, number>();
  for (const one of measured) {
    if (one.kind === "failed") failures.set(one.why, (failures.get(one.why) ?? 0) + 1);
  }
  return Object.fromEntries(failures);
}
