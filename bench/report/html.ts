/**
 * One self-contained page: no script, nothing fetched, light and dark as the reader's system has it.
 *
 * Everything but the markup itself goes through `escaped`; the policy in the head is the second lock.
 */
import { publishedSections } from "../published/mod.ts";
import type { Results, WorkloadResult } from "../results.ts";
import { chartsOf, figure } from "./charts/mod.ts";
import { environmentGrid } from "./environment-grid.ts";
import { groupsOf, incompleteLines, verification, voidRounds } from "./figures.ts";
import type { Group } from "./figures.ts";
import { escaped, gridHtml } from "./grid-html.ts";
import { HOW_TO_READ } from "./how-to-read.ts";
import { STYLE } from "./html-style.ts";
import { comparisonGrid, groupGrid } from "./setup-grid.ts";
import { plural } from "./text.ts";

export function html(results: Results): string {
  const { workloads } = results;
  const title = `Benchmark: ${workloads.map(({ name }) => name).join(", ")}`;
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    "<main>",
    `<h1>${escaped(title)}</h1>`,
    ...verdict(results),
    ...contents(results),
    ...workloads.map(section),
    ...closing(results),
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function verdict(results: Results): string[] {
  const { environment: on, complete, workloads, warnings } = results;
  const sentences = workloads.map(({ name, sentence }) =>
    `<strong>${escaped(name)}:</strong> ${escaped(sentence)}`
  );
  const facts = [
    `${on.cpu}, ${plural(on.cores, "core")}`,
    on.kernel,
    on.runner,
    results.started,
    `load average ${(on.loadBefore[0] ?? 0).toFixed(2)} before, ${
      (on.loadAfter[0] ?? 0).toFixed(2)
    } after`,
  ];
  const warned = warnings.length === 0
    ? '<span class="good">no warning</span>'
    : `<span class="warn">${plural(warnings.length, "warning")}</span>`;
  return [
    `<p class="verdict">${sentences.join("<br>\n")}</p>`,
    `<p>${escaped(verification(results))} ${
      complete
        ? '<span class="good">The run is complete</span>'
        : '<strong class="bad">The run is not complete</strong>'
    }, ${warned}.</p>`,
    `<p class="facts">${facts.map(escaped).join(" &middot; ")}</p>`,
    ...troubles(results),
  ];
}

function troubles(results: Results): string[] {
  const lines = [
    ...incompleteLines(results).map((text) => ["bad", text] as const),
    ...results.workloads.flatMap(voidRounds).map((text) => ["bad", text] as const),
    ...results.warnings.map((text) => ["warn", `warning: ${text}`] as const),
  ];
  if (lines.length === 0) return [];
  const items = lines.map(([tone, text]) => `<li class="${tone}">${escaped(text)}</li>`);
  return [`<ul>${items.join("\n")}</ul>`];
}

function contents(results: Results): string[] {
  const hasPublished = publishedSections(results).length > 0;
  const links = [
    ...results.workloads.map(({ name }, i) => [`workload-${i}`, name] as const),
    ["environment", "environment"] as const,
    ["reading", "how to read it"] as const,
    ...(hasPublished ? [["published", "published tables"] as const] : []),
  ];
  const items = links.map(([id, text]) => `<li><a href="#${id}">${escaped(text)}</a></li>`);
  return [`<nav aria-label="contents"><ul>${items.join("")}</ul></nav>`];
}

function section(workload: WorkloadResult, index: number): string {
  const { name, summary, sentence, rounds, windowMs, leftOut, comparisons } = workload;
  const measured = `${summary}; ${plural(rounds, "round")} of ${windowMs} ms a set-up.`;
  return [
    `<section id="workload-${index}">`,
    `<h2>${escaped(name)}</h2>`,
    `<p class="sentence">${escaped(sentence)}</p>`,
    `<p class="facts">${escaped(measured)}</p>`,
    ...groupsOf(workload).map((group, i) => groupSection(group, `chart-${index}-${i}`)),
    ...(comparisons.length === 0
      ? []
      : ["<h3>Comparisons</h3>", gridHtml(comparisonGrid(workload))]),
    ...(leftOut.length === 0 ? [] : [
      "<ul>",
      ...leftOut.map(({ what, why }) => `<li>not measured: ${escaped(`${what}: ${why}`)}</li>`),
      "</ul>",
    ]),
    "</section>",
  ].join("\n");
}

function groupSection(group: Group, id: string): string {
  return [
    `<h3>${escaped(group.title)}</h3>`,
    '<div class="charts">',
    ...chartsOf(group).map((chart, i) => figure(chart, `${id}-${i}`)),
    "</div>",
    gridHtml(groupGrid(group)),
  ].join("\n");
}

function closing(results: Results): string[] {
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
      `<div class="beside"><div>${published.map(gridHtml).join("\n")}</div>`,
      `<div>${ours.map(gridHtml).join("\n")}</div></div>`,
    ]),
    "</section>",
  ];
}
