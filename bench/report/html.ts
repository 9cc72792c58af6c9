/**
 * One self-contained page: no script, nothing fetched, light and dark as the reader's system has it.
 *
 * Everything but the markup itself goes through `escaped`; the policy in the head is the second lock.
 */
import { publishedSections } from "../published/mod.ts";
import type { Results, WorkloadResult } from "../results.ts";
import { chartsOf, figure } from "./charts/mod.ts";
import { groupsOf } from "./figures.ts";
import type { Group } from "./figures.ts";
import { escaped, gridHtml } from "./grid-html.ts";
import { closing } from "./html-closing.ts";
import { verdict } from "./html-verdict.ts";
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
