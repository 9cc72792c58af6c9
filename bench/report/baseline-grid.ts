/** The table of a run beside an older one. */
import type { BaselineChange, BaselineResult } from "../results.ts";
import { showValue } from "../run/show-value.ts";
import { baselineVerdict } from "./baseline-text.ts";
import type { Grid, Tone } from "./grid.ts";
import { ratioText } from "./numbers.ts";
import { capital } from "./text.ts";

const TONES: Readonly<Record<BaselineChange["verdict"], Tone>> = {
  better: "good",
  worse: "warn",
  regression: "bad",
  same: "quiet",
  unsure: "quiet",
};

const WORST_FIRST: readonly BaselineChange["verdict"][] = [
  "regression",
  "worse",
  "better",
  "unsure",
  "same",
];

/** What got worse first. All to the left, so that figures break at their units where it is narrow. */
export function baselineGrid({ changes }: BaselineResult): Grid {
  const rank = ({ verdict }: BaselineChange) => WORST_FIRST.indexOf(verdict);
  return {
    caption: "now beside the baseline: ratio of medians",
    columns: [
      { title: "set-up", align: "left" },
      { title: "verdict", align: "left" },
      { title: "ratio (95 %)", align: "left" },
      { title: "before", align: "left" },
      { title: "now", align: "left" },
    ],
    rows: [...changes].sort((a, b) => rank(a) - rank(b)).map((change) => {
      const { workload, setUp, metric, before, now, ratio, verdict } = change;
      return [
        `${workload} ${setUp}`,
        { text: verdict, tone: TONES[verdict] },
        ratioText(ratio, verdict !== "unsure"),
        showValue(metric, before.median),
        showValue(metric, now.median),
      ];
    }),
  };
}

/** `Against the run of 2026-01-02T03:04:05Z, revision 0123: no significant regression beyond 5 %.` */
export function baselineSentence(baseline: BaselineResult): string {
  const { started, revision } = baseline;
  const which = revision === null ? started : `${started}, revision ${revision}`;
  return capital(`against the run of ${which}: ${baselineVerdict(baseline)}.`);
}
