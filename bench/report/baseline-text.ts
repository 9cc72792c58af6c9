/** A run beside an older one, for a terminal. */
import type { BaselineComparison } from "../baseline.ts";

export function baselineText(
  { changes, regressions, notes }: BaselineComparison,
  tolerance: number,
): string {
  const told = changes.filter(({ verdict }) => verdict !== "same");
  const same = changes.length - told.length;
  const percent = `${(tolerance * 100).toFixed(tolerance * 100 % 1 === 0 ? 0 : 1)} %`;
  const end = regressions.length === 0
    ? `no significant regression beyond ${percent}`
    : `${regressions.length} significant ${
      regressions.length === 1 ? "regression" : "regressions"
    } beyond ${percent}`;
  return [
    "Against the baseline (ratio of medians, 95 % bootstrap interval)",
    ...told.map(({ sentence }) => `  ${sentence}`),
    ...(same > 0 ? [`  ${same} of ${changes.length} cannot be told from the baseline`] : []),
    ...notes.map((note) => `  note: ${note}`),
    changes.length === 0 ? "nothing that both measured" : end,
  ].join("\n");
}
