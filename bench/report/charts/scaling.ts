/** What more servers bring: the value against their number. */
import * as Plot from "@observablehq/plot";
import { METRICS } from "../../model.ts";
import type { SetUpResult } from "../../results.ts";
import { figureOf } from "../figures.ts";
import type { Group } from "../figures.ts";
import type { Chart } from "./chart.ts";
import { series } from "./series.ts";

/** Undefined where the number of servers, the parameter `servers`, is the same for all. */
export function scalingChart(group: Group): Chart | undefined {
  const { scale, metric } = group;
  const points = group.setUps.flatMap((setUp) => {
    const figure = figureOf(setUp);
    const { servers } = setUp.parameters;
    if (typeof servers !== "number" || figure.kind !== "estimate") return [];
    const [y, low, high] = [figure.median, figure.low, figure.high].map((one) => one / scale.by);
    return [{ of: seriesName(setUp), servers, y, low, high, text: scale.write(figure.median) }];
  });
  const numbers = [...new Set(points.map(({ servers }) => servers))].sort((a, b) => a - b);
  if (numbers.length < 2) return undefined;
  const keys = [...new Set(points.map((one) => one.of))].map((name, i) => ({
    name,
    ...series(name, i),
  }));
  return {
    title: `${METRICS[metric].title} by number of servers`.replace(/^./, (c) => c.toUpperCase()),
    description: keys.map(({ name }) =>
      `${name}: ${
        points.filter((one) => one.of === name)
          .map(({ servers, text }) => `${text} ${scale.unit} with ${servers}`).join(", ")
      }`
    ).join("; ") + ".",
    keys,
    options: {
      height: 230,
      marginLeft: 48,
      marginRight: 20,
      marginBottom: 40,
      x: { type: "point", domain: numbers, label: "servers" },
      y: { zero: true, grid: true, nice: true, label: scale.unit, ticks: 5, tickFormat: "~s" },
      marks: keys.flatMap((key) => {
        const own = points.filter((one) => one.of === key.name);
        return [
          Plot.line(own, {
            x: "servers",
            y: "y",
            stroke: key.color,
            strokeDasharray: key.dash,
            strokeWidth: 1.8,
          }),
          Plot.ruleX(own, {
            x: "servers",
            y1: "low",
            y2: "high",
            stroke: key.color,
            strokeWidth: 3,
          }),
          Plot.dot(own, {
            x: "servers",
            y: "y",
            fill: key.color,
            symbol: key.symbol ?? "circle",
            r: 4.5,
          }),
        ];
      }),
    },
  };
}

/** What stays the same along a line: the runtime, and the other parameters where they differ. */
function seriesName({ runtime, parameters }: SetUpResult): string {
  const others = Object.entries(parameters).filter(([name]) =>
    name !== "servers" && name !== "bytes"
  );
  return [runtime, ...others.map(([name, value]) => `${name} ${value}`)].join(", ");
}
