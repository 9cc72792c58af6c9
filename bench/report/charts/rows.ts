/** Rows of a chart with a name each, under a heading for each runtime. */
import * as Plot from "@observablehq/plot";
import type { Markish } from "@observablehq/plot";
import type { SetUpResult } from "../../results.ts";
import type { Group } from "../figures.ts";
import { label } from "./chart.ts";
import { panelsOf } from "./series.ts";

export interface Rows {
  /** In order, for the scale y; headings among them. */
  readonly domain: readonly string[];
  readonly height: number;
  readonly marginLeft: number;
  readonly marks: readonly Markish[];
}

const ROW_HEIGHT = 21;
const MARGINS = 52;
const CHARACTER = 6.2;

/** `order` sorts the set-ups of a runtime, which have the plan's order; `shown` are those with a row. */
export function rowsOf(
  group: Group,
  order: (a: SetUpResult, b: SetUpResult) => number = () => 0,
  shown: readonly SetUpResult[] = group.setUps,
): Rows {
  const panels = panelsOf(group).map((panel) => ({
    ...panel,
    setUps: panel.setUps.filter((setUp) => shown.includes(setUp)),
  })).filter(({ setUps }) => setUps.length > 0);
  const entries = panels.flatMap((panel) => [
    ...(panel.title === ""
      ? []
      : [{ id: `heading ${panel.title}`, text: label(panel.title), isHeading: true }]),
    ...panel.setUps.sort(order).map((setUp) => ({
      id: setUp.id,
      text: label(panel.label(setUp)),
      isHeading: false,
    })),
  ]);
  const longest = Math.max(...entries.map(({ text }) => text.length));
  const marginLeft = Math.round(longest * CHARACTER) + 14;
  const texts = (isHeading: boolean) =>
    Plot.text(entries.filter((one) => one.isHeading === isHeading), {
      y: "id",
      text: "text",
      frameAnchor: "left",
      textAnchor: isHeading ? "start" : "end",
      dx: isHeading ? 2 - marginLeft : -6,
      ...(isHeading ? { fontWeight: "bold" } : {}),
    });
  return {
    domain: entries.map(({ id }) => id),
    height: entries.length * ROW_HEIGHT + MARGINS,
    marginLeft,
    marks: [texts(true), texts(false)],
  };
}
