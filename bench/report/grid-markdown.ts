/** A table as Markdown. */
import { cellOf } from "./grid.ts";
import type { Grid } from "./grid.ts";
import { harmless } from "./text.ts";

export function gridMarkdown({ caption, columns, rows }: Grid): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `**${escaped(caption)}**`,
    "",
    line(columns.map(({ title }) => escaped(title))),
    `|${columns.map(({ align }) => align === "right" ? "---:" : "---").join("|")}|`,
    ...rows.map((row) => line(columns.map((_, i) => escaped(cellOf(row[i]).text)))),
    "",
  ];
}

/** Backslash escapes work for ASCII punctuation everywhere outside code, in table cells too. */
export function escaped(text: string): string {
  return harmless(text).replace(/[\\`*_[\]<>#~&|@]/g, "\\$&");
}

/** A code block that no run of backticks inside of it can close. */
export function codeBlock(text: string): string[] {
  const shown = harmless(text);
  const longest = Math.max(2, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return [fence, shown, fence, ""];
}
