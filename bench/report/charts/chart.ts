/** A chart by Observable Plot as static SVG: no script, no style but the page's, a name for those who do not see it. */
import * as Plot from "@observablehq/plot";
import type { PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escaped } from "../grid-html.ts";
import { harmless } from "../text.ts";
import type { Series } from "./series.ts";

export interface Chart {
  readonly title: string;
  /** What it shows, in a sentence, for those who do not see it. */
  readonly description: string;
  /** What a reader should know beside it. */
  readonly note?: string;
  readonly keys?: readonly Series[];
  readonly options: PlotOptions;
}

/** Narrow enough for a phone, so that the text of a chart stays as large as that of the page. */
export const WIDTH = 348;

// Deno's library of types has no document, and linkedom's is one only at run time.
const { document } = parseHTML("<!doctype html><html><body></body></html>") as unknown as {
  document: PlotOptions["document"];
};

/** `id` is unique in the page. */
export function figure(chart: Chart, id: string): string {
  const svg = Plot.plot({
    document,
    className: "plot",
    width: WIDTH,
    style: { fontSize: "12px" },
    ...chart.options,
  }) as unknown as {
    querySelector(selector: string): { remove(): void } | null;
    outerHTML: string;
  };
  svg.querySelector("style")?.remove();
  const named = svg.outerHTML.replace(
    /^<svg([^>]*)>/,
    `<svg role="img" aria-labelledby="${id}-title ${id}-text"$1>` +
      `<title id="${id}-title">${escaped(chart.title)}</title>` +
      `<desc id="${id}-text">${escaped(chart.description)}</desc>`,
  );
  return [
    `<figure id="${id}">`,
    `<figcaption>${escaped(chart.title)}</figcaption>`,
    named,
    ...legend(chart.keys ?? []),
    ...(chart.note === undefined ? [] : [`<p class="note">${escaped(chart.note)}</p>`]),
    "</figure>",
  ].join("\n");
}

function legend(keys: readonly Series[]): string[] {
  if (keys.length < 2) return [];
  const items = keys.map(({ label, color, dash, symbol }) =>
    `<li><svg width="28" height="12" viewBox="-14 -6 28 12" aria-hidden="true">` +
    (symbol === undefined
      ? `<rect x="-12" y="-5" width="24" height="10" fill="${color}"></rect>`
      : `<path d="M-13,0H13" stroke="${color}" stroke-width="1.5" stroke-dasharray="${dash}"></path>` +
        `<path d="${symbolPath(symbol)}" fill="${color}"></path>`) +
    `</svg> ${escaped(label)}</li>`
  );
  return [`<ul class="legend">${items.join("")}</ul>`];
}

const SYMBOL_PATHS: Readonly<Record<string, string>> = {
  circle: "M4,0A4,4,0,1,1,-4,0A4,4,0,1,1,4,0",
  square: "M-3.5,-3.5H3.5V3.5H-3.5Z",
  triangle: "M0,-4.6L4,2.3H-4Z",
  diamond: "M0,-5L3.2,0L0,5L-3.2,0Z",
  star: "M0,-5.3L1.2,-1.6H5L1.9,0.6L3.1,4.3L0,2L-3.1,4.3L-1.9,0.6L-5,-1.6H-1.2Z",
  wye: "M1.4,0.8V4H-1.4V0.8L-4.1,-0.8L-2.7,-3.2L0,-1.6L2.7,-3.2L4.1,-0.8Z",
};

function symbolPath(symbol: string): string {
  return SYMBOL_PATHS[symbol] ?? "";
}

/** Numbers along an axis that goes up to `most`, all in thousands where that is long. */
export function ticks(most: number): (value: number) => string {
  const [by, suffix] = most >= 10_000 ? [1000, "k"] : [1, ""];
  return (value) =>
    value === 0
      ? "0"
      : `${(value / by).toLocaleString("en-US", { maximumSignificantDigits: 4 })}${suffix}`;
}

/** What Plot writes as text. */
export function label(text: string, longest = 24): string {
  const shown = harmless(text);
  return shown.length <= longest ? shown : `${shown.slice(0, longest - 1)}…`;
}
