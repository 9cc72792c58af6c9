/** The time that a load's requests are counted over. */
import type { LoadPlan } from "./plan.ts";
import type { WorkerResult } from "./worker.ts";

/** What of a worker's result tells its time. */
export type Timed = Pick<
  WorkerResult,
  "firstMs" | "firstEndMs" | "lastMs" | "window" | "requests"
>;

/** How many transfers an open loop begins; undefined of a closed loop. */
export function plannedTransfers(
  { rate, durationMs }: Pick<LoadPlan, "rate" | "durationMs">,
): number | undefined {
  if (rate === undefined) return undefined;
  return Math.max(1, Math.ceil(durationMs * rate / 1000));
}

/** From the first start to the last end of all, in milliseconds. */
export function loadMs(parts: readonly Timed[]): number {
  return lastEnd(parts) - Math.min(...parts.map(({ firstMs }) => firstMs));
}

/**
 * Milliseconds over which what is counted is a rate. Only workers that count alike are to be given:
 * all within their windows, or all whole.
 */
export function wallMs(
  plan: Pick<LoadPlan, "rate" | "durationMs">,
  parts: readonly Timed[],
): number {
  const count = plannedTransfers(plan);
  if (count !== undefined) return openMs(count, plan.rate as number, parts);
  // Windows are a transfer apart; the rates of the workers add up.
  const perMs = parts.reduce(
    (sum, { window, requests }) => sum + (window ? requests / (window.toMs - window.fromMs) : 0),
    0,
  );
  if (perMs === 0) return loadMs(parts);
  return parts.reduce((sum, { requests }) => sum + requests, 0) / perMs;
}

/**
 * As many intervals as transfers, so that a rate that is kept up with reads as it was asked for. A
 * server that falls behind ends them at longer intervals: there is one less of these from the first
 * end to the last. How long each transfer took is no part of either.
 */
function openMs(count: number, rate: number, parts: readonly Timed[]): number {
  const askedMs = count * 1000 / rate;
  if (count === 1) return Math.max(askedMs, loadMs(parts));
  const endsMs = lastEnd(parts) - Math.min(...parts.map(({ firstEndMs }) => firstEndMs));
  return Math.max(askedMs, endsMs * count / (count - 1));
}

function lastEnd(parts: readonly Timed[]): number {
  return Math.max(...parts.map(({ lastMs }) => lastMs));
}
