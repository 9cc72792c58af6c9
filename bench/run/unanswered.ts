/**
 * In an open loop a request that fails counts in the latencies with its time limit at least, so that a
 * server is not spared the requests that it never answered. Percentiles that fall among these are bounds.
 */
import type { Metric } from "../model.ts";
import type { RoundResult } from "../results.ts";

type Answers = Pick<RoundResult, "latency" | "failures">;

/** Whether so few were answered that the percentile is known to be at least so much, and no more. */
export function isBound(percentile: number, metric: Metric, parts: readonly Answers[]): boolean {
  if (metric !== "latency-p99") return false;
  const count = sum(parts.map(({ latency }) => latency.count));
  const failed = sum(parts.flatMap(({ failures }) => Object.values(failures)));
  // As HdrHistogram finds it.
  const rank = Math.max(1, Math.floor(count * percentile / 100 + 0.5));
  return rank > count - failed;
}

/** Whether the round's value is such a bound. */
export function isBoundRound(metric: Metric, round: RoundResult): boolean {
  return round.value !== null && isBound(99, metric, [round]);
}

/** The round's value for statistics: as great as can be where it is at least so much. */
export function statisticOf(metric: Metric, round: RoundResult): number | null {
  return isBoundRound(metric, round) ? Infinity : round.value;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
