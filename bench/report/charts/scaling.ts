/** What more servers bring: the value against their number. */
import * as Plot from "@observablehq/plot";
import { METRICS } from "../../model.ts";
import type { SetUpResult } from "../../results.ts";
import type { Group } from "../figures.ts";
import { capital } from "../text.ts";
import { ticks } from "./chart.ts";
import type { Chart } from "./chart.ts";
import { mostOf, pointsOf } from "./point.ts";
import { series } from "./series.ts";

/** Undefined where the parameter `servers` tells of no three numbers: two make no line. */
export function scalingChart(group: Group): Chart | undefined {
  const { scale, metric } = group;
  const varying = varyingParameters(group);
  const seriesOf = (setUp: SetUpResult) =>
    [setUp.runtime, ...varying.map((name) => `${name} ${setUp.parameters[name]}`)].join(", ");
  const points = group.setUps.flatMap((setUp) => {
    const servers = serverCount(setUp);
    if (servers === undefined) return [];
    const of = seriesOf(setUp);
    return pointsOf(setUp, scale).map((point) => ({ ...point, of, servers }));
  });
  const numbers = [...new Set(points.map(({ servers }) => servers))].sort((a, b) => a - b);
  if (numbers.length < 3) return undefined;
  const keys = [...new Set(group.setUps.map(seriesOf))].map((name, i) => ({
    ...series(name, i),
    own: points.filter(({ of }) => of === name),
  })).filter(({ own }) => own.length > 0);
  const isBranched = keys.some(({ own }) => own.length > lineThrough(own).length);
  return {
    title: `${capital(METRICS[metric].title)} by number of servers`,
    description:
      keys.map(({ label, own }) =>
        `${label}: ${own.map(({ servers, text }) => `${text} with ${servers}`).join(", ")}`
      ).join("; ") + ` (${scale.unit}).`,
    ...(isBranched
      ? { note: "A mark off its line is another set-up with as many servers: see the table." }
      : {}),
    keys,
    options: {
      height: 230,
      marginLeft: 48,
      marginRight: 20,
      marginTop: 26,
      marginBottom: 40,
      x: { type: "point", domain: numbers, label: "servers" },
      y: {
        zero: true,
        grid: true,
        nice: true,
        label: scale.unit,
        ticks: 5,
        tickFormat: ticks(mostOf(points)),
      },
      marks: keys.flatMap(({ own, color, dash, symbol }) => [
        Plot.line(lineThrough(own), {
          x: "servers",
          y: "median",
          stroke: color,
          strokeDasharray: dash,
          strokeWidth: 1.8,
        }),
        Plot.ruleX(own, { x: "servers", y1: "low", y2: "high", stroke: color, strokeWidth: 3 }),
        Plot.dot(own, {
          x: "servers",
          y: "median",
          fill: color,
          symbol: symbol ?? "circle",
          r: 4.5,
        }),
      ]),
    },
  };
}

/** A number, or a list with a comma between two servers. */
function serverCount({ parameters: { servers } }: SetUpResult): number | undefined {
  return typeof servers === "string" ? servers.split(",").length : servers;
}

/** Parameters but `servers` that differ between set-ups. */
function varyingParameters({ setUps }: Group): string[] {
  const names = [...new Set(setUps.flatMap(({ parameters }) => Object.keys(parameters)))];
  return names.filter((name) =>
    name !== "servers" && new Set(setUps.map(({ parameters }) => parameters[name])).size > 1
  );
}

/** Of several with as many servers the last planned: what stands before it is without a balancer. */
function lineThrough<Point extends { readonly servers: number }>(own: readonly Point[]): Point[] {
  return [...new Map(own.map((one) => [one.servers, one])).values()]
    .sort((a, b) => a.servers - b.servers);
}
