/** The value of each round, in their order: what drifts or jumps is seen here. */
import * as Plot from "@observablehq/plot";
import { isBoundRound } from "../../run/unanswered.ts";
import { measuredRounds } from "../figures.ts";
import type { Group } from "../figures.ts";
import { ticks } from "./chart.ts";
import { capital } from "../text.ts";
import type { Chart } from "./chart.ts";
import { onRuntime, series } from "./series.ts";
import type { Panel } from "./series.ts";

/** Undefined where no round of the server counts. */
export function roundsChart({ scale }: Group, panel: Panel): Chart | undefined {
  const lines = panel.setUps.flatMap((setUp, i) => {
    if (setUp.clientLimited) return [];
    const rounds = measuredRounds(setUp).map((one) => {
      const { round, value, outlier, clientLimited } = one;
      const isUnanswered = isBoundRound(setUp.metric, one);
      return {
        round,
        outlier,
        isVoid: value === null,
        // The client's own limit is no value of the server, and a bound none at all.
        value: value === null || clientLimited || isUnanswered ? null : value / scale.by,
        isLimited: clientLimited,
        isUnanswered,
      };
    });
    return rounds.length === 0 ? [] : [{ key: series(panel.label(setUp), i), rounds }];
  });
  const all = lines.flatMap(({ rounds }) => rounds);
  if (!all.some(({ value }) => value !== null)) return undefined;
  const [outliers, voided] = [all.filter((one) => one.outlier), all.filter((one) => one.isVoid)];
  const missing = panel.setUps.filter(({ clientLimited }) => clientLimited).length;
  const limited = all.filter(({ isLimited }) => isLimited);
  const unanswered = all.filter(({ isUnanswered }) => isUnanswered);
  const notes = [
    ...(outliers.length === 0
      ? []
      : [`a ring marks an outlier (${outliers.length}), which counts`]),
    ...(voided.length === 0 ? [] : [`a × at the bottom a void round (${voided.length})`]),
    ...(limited.length === 0
      ? []
      : [`rounds that the client limited are left out (${limited.length})`]),
    ...(unanswered.length === 0
      ? []
      : [`rounds in which too many requests failed are left out (${unanswered.length})`]),
    ...(missing === 0 ? [] : [`${missing} left out: the client was the limit`]),
  ];
  const most = Math.max(...all.map(({ round }) => round));
  return {
    title: `Round by round${onRuntime(panel)}`,
    description: `${lines.length} set-ups over ${most} rounds in ${scale.unit}; ` +
      `${outliers.length} outliers, ${voided.length} void rounds.`,
    ...(notes.length === 0 ? {} : { note: capital(`${notes.join("; ")}.`) }),
    keys: lines.map(({ key }) => key),
    options: {
      height: 200,
      marginLeft: 48,
      marginRight: 16,
      marginTop: 26,
      marginBottom: 40,
      x: {
        label: "round",
        domain: [1, Math.max(2, most)],
        ticks: wholeTicks(most),
        tickFormat: "d",
      },
      y: {
        label: scale.unit,
        zero: true,
        grid: true,
        nice: true,
        ticks: 4,
        tickFormat: ticks(Math.max(...all.map(({ value }) => value ?? 0))),
      },
      marks: [
        ...lines.flatMap(({ key, rounds }) => [
          Plot.line(rounds, {
            x: "round",
            y: "value",
            stroke: key.color,
            strokeDasharray: key.dash,
            strokeWidth: 1.3,
          }),
          Plot.dot(rounds, {
            x: "round",
            y: "value",
            fill: key.color,
            symbol: key.symbol ?? "circle",
            r: 3.5,
          }),
        ]),
        Plot.dot(outliers, {
          x: "round",
          y: "value",
          r: 8,
          stroke: "var(--ink)",
          strokeWidth: 1.5,
        }),
        Plot.dot(voided, {
          x: "round",
          y: 0,
          r: 6,
          symbol: "times",
          stroke: "var(--bad)",
          strokeWidth: 2.5,
        }),
      ],
    },
  };
}

/** About ten rounds at even distances. */
function wholeTicks(most: number): number[] {
  const step = Math.ceil(most / 10);
  return Array.from({ length: Math.ceil(most / step) }, (_, i) => 1 + i * step);
}
