/** The charts of a group of set-ups, in the order in which a page shows them. */
import type { Group } from "../figures.ts";
import type { Chart } from "./chart.ts";
import { latencyChart } from "./latency.ts";
import { roundsChart } from "./rounds.ts";
import { scalingChart } from "./scaling.ts";
import { sequenceChart } from "./sequence.ts";
import { panelsOf } from "./series.ts";
import { distributionChart, phasesChart } from "./stacked.ts";
import { valuesChart } from "./values.ts";

export { figure } from "./chart.ts";
export type { Chart } from "./chart.ts";

/** Transfers drawn packet by packet, at most. */
const SEQUENCES_AT_MOST = 4;

export function chartsOf(group: Group): Chart[] {
  const panels = panelsOf(group);
  const charts = [
    valuesChart(group),
    scalingChart(group),
    distributionChart(group),
    phasesChart(group),
    ...panels.map(latencyChart),
    ...sequences(group),
  ];
  return charts.filter((chart) => chart !== undefined);
}

/** The value of each round: for those who doubt the figures. */
export function roundChartsOf(group: Group): Chart[] {
  const charts = panelsOf(group).map((panel) => roundsChart(group, panel));
  return charts.filter((chart) => chart !== undefined);
}

function sequences({ setUps }: Group): (Chart | undefined)[] {
  const receivers = new Set(setUps.flatMap((one) => one.sequence.map(({ receiver }) => receiver)));
  const drawn = setUps.filter(({ sequence }) => sequence.length > 0).slice(0, SEQUENCES_AT_MOST);
  return drawn.map((setUp) => sequenceChart(setUp, [...receivers]));
}
