/** Latencies by how many answers are slower: one in ten, one in a hundred, ... */
import * as Plot from "@observablehq/plot";
import { decodeHistogram } from "../../histogram.ts";
import { latencyOf } from "../figures.ts";
import { duration } from "../numbers.ts";
import type { Chart } from "./chart.ts";
import { onRuntime, series } from "./series.ts";
import type { Panel } from "./series.ts";

const POINTS = 48;
const TICKS = [1, 10, 100, 1000, 1e4, 1e5, 1e6];
const MARKED = [2, 10, 100, 1000];

/** Undefined where no set-up has a latency of the server. */
export function latencyChart(panel: Panel): Chart | undefined {
  const lines = panel.setUps.flatMap((setUp, i) => {
    const latency = latencyOf(setUp);
    if (latency === null) return [];
    const key = series(panel.label(setUp), i);
    const histogram = decodeHistogram(latency.histogram);
    const at = (slower: number) => ({
      slower,
      ms: Math.max(1, histogram.getValueAtPercentile(100 * (1 - 1 / slower))) / 1000,
    });
    // Beyond one in so many there is no answer that tells it.
    const slowest = Math.max(2, latency.count);
    const curve = Array.from({ length: POINTS }, (_, j) => at(slowest ** (j / (POINTS - 1))));
    return [{ key, latency, curve, marks: MARKED.filter((one) => one <= slowest).map(at) }];
  });
  if (lines.length === 0) return undefined;
  const most = Math.max(10, ...lines.map(({ latency }) => latency.count));
  const heights = oneTwoFive(lines.flatMap(({ curve }) => curve.map(({ ms }) => ms)));
  const missing = panel.setUps.length - lines.length;
  return {
    title: `Latency by percentile${onRuntime(panel)}`,
    description:
      lines.map(({ key, latency }) =>
        `${key.label}: median ${duration(latency.p50)}, 99 % within ${duration(latency.p99)}`
      ).join("; ") + ".",
    ...(missing === 0
      ? {}
      : { note: `${missing} left out: the client was the limit, or nothing was answered.` }),
    keys: lines.map(({ key }) => key),
    options: {
      height: 230,
      marginLeft: 48,
      marginRight: 26,
      marginTop: 26,
      marginBottom: 40,
      x: {
        type: "log",
        label: "percentile",
        ticks: TICKS.filter((slower) => slower <= most),
        tickFormat: (slower: number) => `${+(100 * (1 - 1 / slower)).toFixed(4)} %`,
        domain: [1, most],
      },
      y: {
        type: "log",
        label: "milliseconds",
        grid: true,
        ticks: heights,
        domain: [heights[0], heights[heights.length - 1]] as [number, number],
        tickFormat: (ms: number) => ms.toLocaleString("en-US"),
      },
      marks: lines.flatMap(({ key, curve, marks }) => [
        Plot.line(curve, {
          x: "slower",
          y: "ms",
          stroke: key.color,
          strokeDasharray: key.dash,
          strokeWidth: 1.8,
        }),
        Plot.dot(marks, {
          x: "slower",
          y: "ms",
          fill: key.color,
          symbol: key.symbol ?? "circle",
          r: 4,
        }),
      ]),
    },
  };
}

const TICKS_AT_MOST = 8;

/** 1, 2, 5, 10, 20, ... around all of these; of many decades the powers of ten alone. */
function oneTwoFive(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const around = (steps: readonly number[]) => {
    const all = Array.from(
      { length: 14 },
      (_, i) => steps.map((step) => Number(`${step}e${i - 4}`)),
    )
      .flat();
    const from = all.findLastIndex((one) => one <= least);
    return all.slice(Math.max(0, from), all.findIndex((one) => one >= most && one > least) + 1);
  };
  const fine = around([1, 2, 5]);
  return fine.length <= TICKS_AT_MOST ? fine : around([1]);
}
