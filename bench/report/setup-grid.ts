/** The table of a group of set-ups, and the one of a workload's comparisons. */
import { METRICS } from "../model.ts";
import type { SetUpResult, WorkloadResult } from "../results.ts";
import { apartText, comparedText, comparisonsOf, comparisonText } from "./compared.ts";
import {
  distributionText,
  failuresText,
  figureOf,
  figureText,
  latencyOf,
  percentileText,
  roundsText,
  serversOf,
  total,
} from "./figures.ts";
import type { Group } from "./figures.ts";
import { withoutEmpty } from "./grid.ts";
import type { Cell, Grid } from "./grid.ts";
import { countText } from "./numbers.ts";

export function groupGrid(group: Group): Grid {
  const counts = [...new Set(group.setUps.flatMap((one) => Object.keys(one.counts)))];
  const servers = serversOf(group);
  return withoutEmpty({
    caption: `${group.title}: ${METRICS[group.metric].title}`,
    columns: [
      { title: "set-up", align: "left" },
      { title: "runtime", align: "left" },
      { title: `${group.scale.unit} (95 %)`, align: "right" },
      { title: "p50", align: "right", below: true },
      { title: "p99", align: "right", below: true },
      ...counts.map((name) => ({ title: name, align: "right" as const, below: true })),
      { title: "failed", align: "right", below: true },
      { title: `% by ${servers.join("/")}`, align: "right", below: true },
      { title: "failures", align: "left", below: true },
      { title: "rounds", align: "left", below: true },
    ],
    rows: group.setUps.map((setUp) => [
      setUp.name,
      setUp.runtime,
      figureCell(setUp, group),
      ...latencyCells(setUp),
      ...counts.map((name) => countText(setUp.counts[name] ?? 0)),
      failedCell(setUp),
      distributionText(setUp, servers),
      { text: failuresText(setUp), tone: "bad" },
      { text: roundsText(setUp), tone: "warn" },
    ]),
  });
}

function figureCell(setUp: SetUpResult, { scale }: Group): Cell {
  const figure = figureOf(setUp);
  const text = figureText(figure, scale);
  return figure.kind === "estimate" ? { text } : { text, tone: "warn" };
}

function latencyCells(setUp: SetUpResult): string[] {
  const latency = latencyOf(setUp);
  return latency === null
    ? ["–", "–"]
    : [percentileText(setUp, latency, 50), percentileText(setUp, latency, 99)];
}

function failedCell({ failures }: SetUpResult): Cell {
  const failed = total(failures);
  return failed === 0 ? { text: "0" } : { text: countText(failed), tone: "bad" };
}

export function comparisonGrid(workload: WorkloadResult): Grid {
  return {
    caption: `${workload.name}: set-ups compared round by round`,
    columns: [
      { title: "in words", align: "left", prose: true },
      { title: "ratio (95 %)", align: "right" },
      { title: "pairs", align: "right" },
      { title: "told apart", align: "left" },
    ],
    rows: comparisonsOf(workload).map((one) => {
      const apart = apartText(workload, one);
      return [
        comparisonText(workload, one),
        comparedText(workload, one),
        String(one.pairs),
        apart === "yes" ? apart : { text: apart, tone: "quiet" },
      ];
    }),
  };
}
