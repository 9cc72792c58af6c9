/** Each set-up's value with its 95 % interval, the best of a runtime first. */
import * as Plot from "@observablehq/plot";
import { METRICS } from "../../model.ts";
import type { SetUpResult } from "../../results.ts";
import { figureOf, figureText } from "../figures.ts";
import type { Group } from "../figures.ts";
import { capital } from "../text.ts";
import { ticks, WIDTH } from "./chart.ts";
import type { Chart } from "./chart.ts";
import { mostOf, pointsOf } from "./point.ts";
import { rowsOf } from "./rows.ts";

/** Undefined where nothing is known of any set-up. */
export function valuesChart(group: Group): Chart | undefined {
  if (group.setUps.every((one) => figureOf(one).kind === "none")) return undefined;
  const { title, better } = METRICS[group.metric];
  const { scale } = group;
  const measured = (setUp: SetUpResult) => {
    const figure = figureOf(setUp);
    return figure.kind === "estimate" ? figure.median : undefined;
  };
  const worst = better === "higher" ? -Infinity : Infinity;
  const rows = rowsOf(group, (a, b) => {
    const difference = (measured(b) ?? worst) - (measured(a) ?? worst);
    return Number.isNaN(difference) ? 0 : better === "higher" ? difference : -difference;
  });
  const points = group.setUps.flatMap((setUp) => pointsOf(setUp, scale));
  const told = points.filter(({ low, high }) => low < high);
  const stroke = { stroke: "var(--c1)", strokeWidth: 2 };
  const untold = group.setUps.flatMap((setUp) => {
    const figure = figureOf(setUp);
    return figure.kind === "estimate" ? [] : [{ id: setUp.id, text: figureText(figure, scale) }];
  });
  const isBounded = group.metric === "makespan-ratio";
  return {
    title: capital(title),
    description:
      group.setUps.map((one) =>
        `${one.name} on ${one.runtime}: ${figureText(figureOf(one), scale)}`
      ).join("; ") + `; in ${scale.unit}.`,
    note: told.length === 0
      ? `A dot is the median round, too few of which count for an interval; ${better} is better.`
      : `A dot is the median round, a line its 95 % interval; ${better} is better.`,
    options: {
      width: WIDTH,
      height: rows.height,
      marginLeft: rows.marginLeft,
      marginRight: 48,
      marginTop: 6,
      marginBottom: 40,
      x: {
        zero: true,
        label: scale.unit,
        grid: true,
        ticks: 4,
        tickFormat: ticks(mostOf(points)),
        nice: true,
      },
      y: { domain: rows.domain, axis: null, label: null },
      marks: [
        ...rows.marks,
        ...(isBounded ? [Plot.ruleX([1], { stroke: "var(--quiet)", strokeDasharray: "4 3" })] : []),
        Plot.ruleX([0], { stroke: "var(--quiet)" }),
        Plot.ruleY(told, { y: "id", x1: "low", x2: "high", ...stroke }),
        Plot.tickX(told, { y: "id", x: "low", inset: 4, ...stroke }),
        Plot.tickX(told, { y: "id", x: "high", inset: 4, ...stroke }),
        Plot.dot(points, { y: "id", x: "median", r: 3, fill: "var(--c1)" }),
        Plot.text(points, { y: "id", x: "high", text: "text", textAnchor: "start", dx: 7 }),
        Plot.text(untold, {
          y: "id",
          text: "text",
          frameAnchor: "left",
          dx: 6,
          fill: "var(--warn)",
        }),
      ],
    },
  };
}
