/** The MDALP client's table of transfers, as published and of these results. */
import { boundMs, orderOf } from "../mdalp/order.ts";
import { figureOf, figureText, groupsOf } from "../report/figures.ts";
import type { Group } from "../report/figures.ts";
import type { Column, Grid } from "../report/grid.ts";
import type { Results, SetUpResult } from "../results.ts";
import { MDALP_SOURCE, PUBLISHED_TRANSFERS } from "./mdalp-run.ts";
import type { PublishedSection } from "./section.ts";

/** Ours: a table for each group of set-ups and runtime that sends in shares. */
export function mdalpTable(results: Results): PublishedSection {
  const ours = results.workloads.flatMap(groupsOf).flatMap((group) => {
    const transfers = group.setUps.filter(isTransfer);
    const runtimes = [...new Set(transfers.map(({ runtime }) => runtime))];
    return runtimes.map((on) =>
      ownGrid(group, on, transfers.filter(({ runtime }) => runtime === on))
    );
  });
  return {
    title: "The MDALP client's comparison",
    note:
      "Theirs is of other machines over the internet, one transfer each, with the losses of the " +
      "day. Ours has their latencies, or a fraction of them where the heading says so; timeouts are " +
      "the mean of a transfer, the elapsed time is the median round with its 95 % interval.",
    published: [publishedGrid],
    ours,
  };
}

/** Whether the parameters are those of MDALP's orders, which tell its receivers and its bound. */
function isTransfer({ metric, parameters }: SetUpResult): boolean {
  return metric === "makespan-ratio" && parameters.latenciesMs !== undefined;
}

const COLUMNS: readonly Column[] = [
  { title: "Mode", align: "left" },
  { title: "Server", align: "left" },
  { title: "Server latency (ms)", align: "right" },
  { title: "Timeouts", align: "right" },
  { title: "Elapsed time (s)", align: "right" },
];

function ownGrid({ title }: Group, runtime: string, setUps: readonly SetUpResult[]): Grid {
  return {
    caption: `ours: ${title}, on ${runtime}`,
    columns: COLUMNS,
    rows: setUps.map((setUp) => {
      const { only, receivers, latenciesMs } = orderOf(asSetUp(setUp));
      return [
        only === null ? "Load balance" : "Non load balance",
        only === null ? "-" : receivers[only] ?? "-",
        only === null ? "-" : String(latenciesMs[only] ?? "-"),
        timeoutsText(setUp),
        elapsedText(setUp),
      ];
    }),
  };
}

function timeoutsText({ counts, requests }: SetUpResult): string {
  if (requests === 0 || counts.timeouts === undefined) return "-";
  return (counts.timeouts / requests).toFixed(1);
}

/** The value is the makespan over its bound: times the bound it is the makespan. */
function elapsedText(setUp: SetUpResult): string {
  const boundS = boundMs(orderOf(asSetUp(setUp))) / 1000;
  const figure = figureOf(setUp);
  if (figure.kind === "none") return "failed";
  return figureText(figure, { unit: "s", by: 1, write: (ratio) => (ratio * boundS).toFixed(3) });
}

/** A result's runtime may be of a later version, and its order does not ask for it. */
function asSetUp(setUp: SetUpResult): Parameters<typeof orderOf>[0] {
  return setUp as Parameters<typeof orderOf>[0];
}

const publishedGrid: Grid = {
  caption: `published, other machines: ${MDALP_SOURCE}`,
  columns: COLUMNS,
  rows: PUBLISHED_TRANSFERS.map(({ mode, server, latencyMs, timeouts, elapsedS }) => [
    mode,
    server ?? "-",
    latencyMs === null ? "-" : String(latencyMs),
    timeouts === Infinity ? "inf" : String(timeouts),
    elapsedS === null ? "failed" : elapsedS.toFixed(3),
  ]),
};
