/** A table as HTML, in a container of its own that scrolls where the page is too narrow. */
import { cellOf } from "./grid.ts";
import type { Column, Grid, Tone } from "./grid.ts";
import { harmless } from "./text.ts";

export function gridHtml({ caption, columns, rows }: Grid): string {
  const heads = columns.map((column) =>
    `<th scope="col"${classes(column)}>${escaped(column.title)}</th>`
  );
  const line = (row: Grid["rows"][number]) =>
    columns.map((column, i) => {
      const { text, tone } = cellOf(row[i]);
      const attributes = classes(column, tone);
      return i === 0
        ? `<th scope="row"${attributes}>${escaped(text)}</th>`
        : `<td${attributes}>${escaped(text)}</td>`;
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

function classes({ align, prose }: Column, tone?: Tone): string {
  const names = [...(align === "right" ? [align] : []), ...(prose ? ["prose"] : []), tone ?? ""];
  const text = names.filter((one) => one !== "").join(" ");
  return text === "" ? "" : ` class="${text}"`;
}

/** Text as HTML, in content and in attributes. */
export function escaped(text: string): string {
  return harmless(text).replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`);
}
