/** A table as HTML, in a container of its own that scrolls where the page is too narrow. */
import { cellOf } from "./grid.ts";
import type { Grid } from "./grid.ts";
import { harmless } from "./text.ts";

export function gridHtml({ caption, columns, rows }: Grid): string {
  const heads = columns.map(({ title, align }) =>
    `<th scope="col"${align === "right" ? ' class="right"' : ""}>${escaped(title)}</th>`
  );
  const line = (row: Grid["rows"][number]) =>
    columns.map(({ align }, i) => {
      const { text, tone } = cellOf(row[i]);
      const classes = [align === "right" ? "right" : "", tone ?? ""].filter((one) => one !== "");
      const attribute = classes.length === 0 ? "" : ` class="${classes.join(" ")}"`;
      return i === 0
        ? `<th scope="row"${attribute}>${escaped(text)}</th>`
        : `<td${attribute}>${escaped(text)}</td>`;
    }).join("");
  return [
    // Reached by the keyboard, or who has no mouse could not scroll it.
    `<div class="scroll" role="region" tabindex="0" aria-label="${escaped(caption)}">`,
    `<table><caption>${escaped(caption)}</caption>`,
    `<thead><tr>${heads.join("")}</tr></thead>`,
    `<tbody>${rows.map((row) => `<tr>${line(row)}</tr>`).join("\n")}</tbody></table>`,
    "</div>",
  ].join("\n");
}

/** Text as HTML, in content and in attributes. */
export function escaped(text: string): string {
  return harmless(text).replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`);
}
