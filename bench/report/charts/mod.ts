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
    ...group.setUps.map(sequenceChart).filter((one) => one !== undefined).slice(
      0,
      SEQUENCES_AT_MOST,
    ),
    ...panels.map((panel) => roundsChart(group, panel)),
  ];
  return charts.filter((chart) => chart !== undefined);
}
