/** What may be said of two set-ups: nothing where the client was the limit of one. */
import type { ComparisonResult, WorkloadResult } from "../results.ts";
import { LEAST_ROUNDS } from "../statistics.ts";
import { ratioText } from "./numbers.ts";

/** Whether a ratio of these two would be one of the client. */
function isClientLimited(
  workload: WorkloadResult,
  { setUp, to }: ComparisonResult,
): boolean {
  return workload.setUps.some(({ id, clientLimited }) =>
    clientLimited && (id === setUp || id === to)
  );
}

/** What is told of a comparison, whatever the run wrote beside a figure of the client. */
export function comparisonText(workload: WorkloadResult, comparison: ComparisonResult): string {
  if (comparison.ratio === null || !isClientLimited(workload, comparison)) {
    return comparison.sentence;
  }
  return `${comparison.setUp} and ${comparison.to} are not compared: the client was the limit.`;
}

/** `2.10 (2.05..2.16)`, without an interval where too few pairs count, a dash where there is none. */
export function comparedText(workload: WorkloadResult, comparison: ComparisonResult): string {
  const { ratio, pairs } = comparison;
  if (ratio === null || isClientLimited(workload, comparison)) return "–";
  return ratioText(ratio, pairs >= LEAST_ROUNDS);
}

/** Whether the two were told apart, and why not where that needs a reason. */
export function apartText(workload: WorkloadResult, comparison: ComparisonResult): string {
  if (comparison.ratio === null || isClientLimited(workload, comparison)) return "not compared";
  if (comparison.pairs < LEAST_ROUNDS) return "too few rounds";
  return comparison.significant ? "yes" : "no";
}

const KINDS: readonly ComparisonResult["kind"][] = ["balance", "peer", "runtime", "same"];

/** What was told apart first, and the question of balance before others. */
export function comparisonsOf(workload: WorkloadResult): ComparisonResult[] {
  const rank = (one: ComparisonResult) =>
    (one.significant ? 0 : KINDS.length) + KINDS.indexOf(one.kind);
  return [...workload.comparisons].sort((a, b) => rank(a) - rank(b));
}
