/** A table as lines of a terminal. */
import { bold, dim, green, red, yellow } from "kleur/colors";
import { cellOf } from "./grid.ts";
import type { Column, Grid, Tone } from "./grid.ts";
import { cut, harmless, wrapped } from "./text.ts";

const PAINT: Readonly<Record<Tone, (text: string) => string>> = {
  good: green,
  bad: red,
  warn: yellow,
  quiet: dim,
};

const INDENT = "  ";
const GAP = "  ";
/** No cell that must stand beside others is wider, and no first one narrower. */
const WIDEST_CELL = 36;
const NARROWEST_NAME = 12;

/** What does not fit the width is told below its row; then the names are cut. */
export function gridText(grid: Grid, columns: number): string[] {
  const texts = grid.rows.map((row) => row.map((cell) => harmless(cellOf(cell).text)));
  const titles = grid.columns.map(({ title }) => harmless(title));
  const widths = titles.map((title, i) => {
    const natural = Math.max(title.length, ...texts.map((row) => (row[i] ?? "").length));
    return grid.columns[i]?.below ? natural : Math.min(WIDEST_CELL, natural);
  });
  const beside = fitting(grid.columns, widths, columns);
  const excess = lineWidth(beside, widths) - columns;
  if (excess > 0) widths[0] = Math.max(NARROWEST_NAME, (widths[0] ?? 0) - excess);
  const line = (row: readonly string[], paint: (i: number, text: string) => string) =>
    INDENT +
    beside.map((i) =>
      paint(i, padded(row[i] ?? "", widths[i] ?? 0, grid.columns[i]?.align === "right"))
    ).join(GAP);
  const below = (row: readonly string[], r: number) =>
    row.flatMap((text, i) => {
      if (text === "" || beside.includes(i)) return [];
      const lines = wrapped(`${INDENT}${GAP}${titles[i]}: ${text}`, columns, INDENT + GAP + GAP);
      return lines.map((one) => toned(cellOf(grid.rows[r]?.[i]).tone ?? "quiet", one));
    });
  return [
    ...wrapped(harmless(grid.caption), columns).map((line) => bold(line)),
    line(titles, (_, text) => dim(text)),
    ...texts.flatMap((row, r) => [
      line(row, (i, text) => toned(cellOf(grid.rows[r]?.[i]).tone, text)),
      ...below(row, r),
    ]),
  ];
}

/** The columns that stand beside each other: the last that may are given up first. */
function fitting(
  all: readonly Column[],
  widths: readonly number[],
  columns: number,
): readonly number[] {
  let beside = all.map((_, i) => i);
  for (const i of [...beside].reverse()) {
    if (lineWidth(beside, widths) <= columns) return beside;
    if (all[i]?.below) beside = beside.filter((other) => other !== i);
  }
  return beside;
}

function lineWidth(beside: readonly number[], widths: readonly number[]): number {
  return beside.reduce((sum, i) => sum + (widths[i] ?? 0) + GAP.length, INDENT.length - GAP.length);
}

function toned(tone: Tone | undefined, text: string): string {
  return tone === undefined ? text : PAINT[tone](text);
}

function padded(text: string, width: number, right: boolean): string {
  const shown = cut(text, width);
  return right ? shown.padStart(width) : shown.padEnd(width);
}
