/** A run beside an older one, for a terminal. */
import { regressionsOf } from "../baseline.ts";
import type { BaselineChange, BaselineResult } from "../results.ts";
import { showValue } from "../run/show-value.ts";
import { harmless, plural } from "./text.ts";

export function baselineText(baseline: BaselineResult): string {
  const { changes, notes } = baseline;
  const told = changes.filter(({ verdict }) => verdict !== "same");
  const same = changes.length - told.length;
  return [
    "Against the baseline (ratio of medians, 95 % bootstrap interval)",
    ...told.map((change) => `  ${harmless(changeText(change))}`),
    ...(same > 0 ? [`  ${same} of ${changes.length} cannot be told from the baseline`] : []),
    ...notes.map((note) => `  note: ${harmless(note)}`),
    baselineVerdict(baseline),
  ].join("\n");
}

function changeText({ workload, setUp, metric, before, now, ratio, verdict }: BaselineChange) {
  const [middle, low, high] = [ratio.median, ratio.low, ratio.high].map((n) => n.toFixed(3));
  const [then, is] = [before, now].map(({ median }) => showValue(metric, median));
  return `${verdict.padEnd(10)} ${workload} ${setUp}: ${then} then, ${is} now: ` +
    `${middle} times (${low}..${high})`;
}

/** `2 significant regressions beyond 5 %` */
export function baselineVerdict(baseline: BaselineResult): string {
  const percent = `${Number((baseline.tolerance * 100).toFixed(2))} %`;
  const { length } = regressionsOf(baseline);
  if (baseline.changes.length === 0) return "nothing that both measured";
  return length === 0
    ? `no significant regression beyond ${percent}`
    : `${plural(length, "significant regression")} beyond ${percent}`;
}
