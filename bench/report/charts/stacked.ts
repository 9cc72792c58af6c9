/** Parts of a whole for each set-up, stacked: shares of servers, phases of a transfer. */
import * as Plot from "@observablehq/plot";
import type { PlotOptions } from "@observablehq/plot";
import type { SetUpResult } from "../../results.ts";
import { latencyOf, serversOf, total } from "../figures.ts";
import type { Group } from "../figures.ts";
import { duration, percent } from "../numbers.ts";
import type { Chart } from "./chart.ts";
import { label, WIDTH } from "./chart.ts";
import { rowsOf } from "./rows.ts";
import { color } from "./series.ts";

/** Who answered how much; undefined where there is but one server in the whole group. */
export function distributionChart(group: Group): Chart | undefined {
  const names = serversOf(group);
  const parts = ({ servers }: SetUpResult) => {
    const all = Math.max(1, total(servers));
    return names.flatMap((name) => {
      const count = servers[name];
      return count === undefined ? [] : [[name, 100 * count / all] as const];
    });
  };
  return stacked(group, parts, {
    title: "Distribution over the servers",
    of: "answers",
    x: { label: "% of answers", domain: [0, 100], ticks: 5 },
    write: (share) => percent(share / 100),
  });
}

/** Means, which add up to the whole; medians would not. */
export function phasesChart(group: Group): Chart | undefined {
  const parts = (setUp: SetUpResult) =>
    latencyOf(setUp) === null
      ? []
      : Object.entries(setUp.phases).map(([name, { mean }]) => [name, mean / 1000] as const);
  return stacked(group, parts, {
    title: "Where a transfer's time goes (mean)",
    of: "parts",
    x: { label: "milliseconds", ticks: 5, zero: true },
    write: (ms) => duration(ms * 1000),
  });
}

interface Look {
  readonly title: string;
  /** What a set-up without a bar has none of. */
  readonly of: string;
  readonly x: PlotOptions["x"] & object;
  write(value: number): string;
}

function stacked(
  group: Group,
  partsOf: (setUp: SetUpResult) => readonly (readonly [string, number])[],
  look: Look,
): Chart | undefined {
  const shown = group.setUps.filter((one) => partsOf(one).length > 0);
  const left = group.setUps.filter((one) => !shown.includes(one));
  const names = [...new Set(shown.flatMap((one) => partsOf(one).map(([name]) => name)))];
  if (names.length < 2) return undefined;
  const rows = rowsOf(group, undefined, shown);
  const longest = Math.max(
    ...shown.map((one) => partsOf(one).reduce((sum, [, size]) => sum + size, 0)),
  );
  const perPixel = longest / (WIDTH - rows.marginLeft - 20);
  const bars = shown.flatMap((setUp) => {
    let from = 0;
    return partsOf(setUp).map(([name, size]) => {
      const bar = { id: setUp.id, name, from, to: from + size, middle: from + size / 2 };
      from += size;
      const text = label(name, 10);
      // A name that is wider than its bar would lie on the next one.
      return {
        ...bar,
        fill: color(names.indexOf(name)),
        text: text.length * 7 + 6 < size / perPixel ? text : "",
      };
    });
  });
  return {
    title: look.title,
    description:
      shown.map((setUp) =>
        `${setUp.name} on ${setUp.runtime}: ${
          partsOf(setUp).map(([name, size]) => `${name} ${look.write(size)}`).join(", ")
        }`
      ).join("; ") + ".",
    note: ["The parts of a bar stand in the order of the names below it.", leftOut(left, look)]
      .join(" ").trimEnd(),
    keys: names.map((name, i) => ({ label: name, color: color(i), dash: "none" })),
    options: {
      width: WIDTH,
      height: rows.height,
      marginLeft: rows.marginLeft,
      marginRight: 20,
      marginTop: 6,
      marginBottom: 40,
      x: look.x,
      y: { domain: rows.domain, axis: null, padding: 0.15 },
      marks: [
        ...rows.marks,
        Plot.barX(bars, { y: "id", x1: "from", x2: "to", fill: "fill", stroke: "var(--paper)" }),
        Plot.text(bars, { y: "id", x: "middle", text: "text", fill: "var(--paper)" }),
      ],
    },
  };
}

/** An empty bar would read as nothing at all. */
function leftOut(setUps: readonly SetUpResult[], { of }: Look): string {
  const names = [...new Set(setUps.map(({ name }) => name))];
  return names.length === 0 ? "" : `Not shown, as no ${of} of it are known: ${names.join(", ")}.`;
}
