/** The proxy lab's results table, as published and of these results. */
import { groupsOf, latencyOf } from "../report/figures.ts";
import type { Group } from "../report/figures.ts";
import type { Column, Grid } from "../report/grid.ts";
import { countText, intervalText } from "../report/numbers.ts";
import type { Results, SetUpResult } from "../results.ts";
import type { Estimate } from "../statistics.ts";
import { ordering, ranked } from "./ordering.ts";
import type { Entry } from "./ordering.ts";
import { LAB_FIGURES, LAB_SET_UPS, LAB_VERDICTS, PROXY_LAB_SOURCE } from "./proxy-lab.ts";
import type { LabSetUp } from "./proxy-lab.ts";
import { measuresOf } from "./proxy-measures.ts";
import type { Measure } from "./proxy-measures.ts";
import type { PublishedSection } from "./section.ts";

/** Ours: a table for each group of set-ups and runtime that has all three of the lab's. */
export function proxyTable(results: Results): PublishedSection {
  const ours = results.workloads.flatMap(groupsOf).flatMap((group) => {
    const runtimes = [...new Set(group.setUps.map(({ runtime }) => runtime))];
    return runtimes.flatMap((runtime) => {
      const trio = trioOf(group.setUps.filter((one) => one.runtime === runtime));
      return trio === undefined ? [] : [ownGrid(group, runtime, trio)];
    });
  });
  return {
    title: "The proxy lab's comparison",
    note: "Theirs is of other machines, one run each: compare who came first, not the figures. " +
      "= stands where the 95 % intervals do not tell two apart. No LB is a proxy that always takes " +
      "the same server, Bash LB one by random loads, AI LB one by past counts.",
    published: [publishedGrid, figuresGrid],
    ours,
  };
}

type Trio = ReadonlyMap<LabSetUp, SetUpResult>;

function trioOf(setUps: readonly SetUpResult[]): Trio | undefined {
  const trio = new Map<LabSetUp, SetUpResult>();
  for (const setUp of setUps) {
    const is = labSetUp(setUp);
    if (is !== undefined && !trio.has(is)) trio.set(is, setUp);
  }
  return trio.size === LAB_SET_UPS.length ? trio : undefined;
}

/** By the strategy that a set-up names: of the reference `none (one server)` is what takes one alone. */
function labSetUp({ name, balanced, parameters }: SetUpResult): LabSetUp | undefined {
  const strategy = String(parameters.strategy ?? name);
  if (/\brandom-load\b/.test(strategy)) return "Bash LB";
  if (/\bhistory\b/.test(strategy)) return "AI LB";
  if (/\bnone\b|^no /i.test(strategy) || (balanced === false && strategy === name)) return "No LB";
  return undefined;
}

const COLUMNS: readonly Column[] = [
  { title: "Metric", align: "left" },
  { title: "Best performer", align: "left" },
  { title: "Figures", align: "left", below: true, prose: true },
];

function ownGrid(group: Group, runtime: string, trio: Trio): Grid {
  return {
    caption: `ours: ${group.title}, on ${runtime}`,
    columns: COLUMNS,
    rows: measuresOf(group).map((measure) => {
      const entries = LAB_SET_UPS.map((label) => entry(label, trio, measure));
      return [measure.metric, ordering(entries, measure.better), figures(entries, measure)];
    }),
  };
}

function entry(label: LabSetUp, trio: Trio, { isOfServer, of }: Measure): Entry {
  const setUp = trio.get(label) as SetUpResult;
  if (isOfServer && setUp.clientLimited) return { label, values: undefined };
  const counted = setUp.rounds.filter((round) =>
    round.value !== null && !(isOfServer && (round.clientLimited || latencyOf(setUp) === null))
  );
  return { label, values: counted.map(of) };
}

function figures(entries: readonly Entry[], { better, what, write }: Measure): string {
  const texts = ranked(entries, better).map(({ label, estimate, isSure }) =>
    `${label} ${
      isSpread(estimate) && isSure ? intervalText(write, estimate) : write(estimate.median)
    }`
  );
  return texts.length === 0 ? "" : `${texts.join(", ")} ${what}`;
}

/** Where all rounds are the same, as without a failure, an interval says nothing. */
function isSpread({ low, high }: Estimate): boolean {
  return low < high;
}

const publishedGrid: Grid = {
  caption: `published, other machines: ${PROXY_LAB_SOURCE}`,
  columns: [
    { title: "Metric", align: "left" },
    { title: "Best performer", align: "left" },
    { title: "Comments (in our words)", align: "left", below: true, prose: true },
  ],
  rows: LAB_VERDICTS.map(({ metric, best, comment }) => [metric, best, comment]),
};

const figuresGrid: Grid = {
  caption: "published, other machines: what wrk and the proxy's log counted in 30 s",
  columns: [
    { title: "set-up", align: "left" },
    { title: "requests/s", align: "right" },
    { title: "mean ms", align: "right" },
    { title: "timeouts", align: "right" },
    { title: "read errors", align: "right" },
    { title: "not 2xx", align: "right" },
    { title: "server 1/2", align: "right", below: true },
  ],
  rows: LAB_FIGURES.map((one) => [
    one.setUp,
    one.requestsPerSecond.toFixed(2),
    one.meanLatencyMs.toFixed(2),
    String(one.timeouts),
    String(one.readErrors),
    String(one.non2xx),
    one.served.map(countText).join("/"),
  ]),
};
