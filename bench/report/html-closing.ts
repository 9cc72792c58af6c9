/** The end of the page: on what it was measured, how it is read, and what others published. */
import { publishedSections } from "../published/mod.ts";
import type { Results } from "../results.ts";
import { environmentGrid } from "./environment-grid.ts";
import { escaped, gridHtml } from "./grid-html.ts";
import { HOW_TO_READ } from "./how-to-read.ts";

export function closing(results: Results): string[] {
  return [
    '<section id="environment">',
    "<h2>Environment</h2>",
    gridHtml(environmentGrid(results)),
    "<h3>Command</h3>",
    `<pre>${escaped(results.command)}</pre>`,
    "</section>",
    '<section id="reading">',
    "<h2>How to read it</h2>",
    `<dl>${
      HOW_TO_READ.map(([term, text]) => `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`).join(
        "\n",
      )
    }</dl>`,
    "</section>",
    ...publishedParts(results),
  ];
}

function publishedParts(results: Results): string[] {
  const sections = publishedSections(results);
  if (sections.length === 0) return [];
  return [
    '<section id="published">',
    "<h2>The published tables, and ours</h2>",
    ...sections.flatMap(({ title, note, published, ours }) => [
      `<h3>${escaped(title)}</h3>`,
      `<p>${escaped(note)}</p>`,
      `<div class="beside">${[...published, ...ours].map(gridHtml).join("\n")}</div>`,
    ]),
    "</section>",
  ];
}
