/** A run beside an older one, for a terminal. */
import type { BaselineComparison } from "../baseline.ts";
import { harmless, plural } from "./text.ts";

export function baselineText(
  { changes, regressions, notes }: BaselineComparison,
  tolerance: number,
): string {
  const told = changes.filter(({ verdict }) => verdict !== "same");
  const same = changes.length - told.length;
  const percent = `${Number((tolerance * 100).toFixed(2))} %`;
  const end = regressions.length === 0
    ? `no significant regression beyond ${percent}`
    : `${plural(regressions.length, "significant regression")} beyond ${percent}`;
  return [
    "Against the baseline (ratio of medians, 95 % bootstrap interval)",
    ...told.map(({ sentence }) => `  ${harmless(sentence)}`),
    ...(same > 0 ? [`  ${same} of ${changes.length} cannot be told from the baseline`] : []),
    ...notes.map((note) => `  note: ${harmless(note)}`),
    changes.length === 0 ? "nothing that both measured" : end,
  ].join("\n");
}
