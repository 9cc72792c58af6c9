/**
 * One self-contained page: no script, nothing fetched, light and dark as the reader's system has it.
 *
 * Everything but the markup itself goes through `escaped`; the policy in the head is the second lock.
 */
import { publishedSections } from "../published/mod.ts";
import type { Results, WorkloadResult } from "../results.ts";
import { verdictText } from "../run/verdict.ts";
import type { GroupVerdict } from "../run/verdict.ts";
import { chartsOf, figure, roundChartsOf } from "./charts/mod.ts";
import type { Chart } from "./charts/mod.ts";
import { baselineGrid, baselineSentence } from "./baseline-grid.ts";
import { apartText } from "./compared.ts";
import { groupsOf, measuredText } from "./figures.ts";
import type { Group } from "./figures.ts";
import { escaped, gridHtml } from "./grid-html.ts";
import { closing } from "./html-closing.ts";
import { verdict } from "./html-verdict.ts";
import { STYLE } from "./html-style.ts";
import { comparisonGrid, groupGrid } from "./setup-grid.ts";
import { capital, plural } from "./text.ts";
import { verdictsOf } from "./verdicts.ts";

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
    ...baselineSection(results),
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
    ...(results.baseline ? [["baseline", "against the baseline"] as const] : []),
    ...results.workloads.map(({ name }, i) => [`workload-${i}`, name] as const),
    ["environment", "environment"] as const,
    ["reading", "how to read it"] as const,
    ...(hasPublished ? [["published", "published tables"] as const] : []),
  ];
  const items = links.map(([id, text]) => `<li><a href="#${id}">${escaped(text)}</a></li>`);
  return [`<nav aria-label="contents"><ul>${items.join("")}</ul></nav>`];
}

function baselineSection({ baseline }: Results): string[] {
  if (!baseline) return [];
  const { changes, notes } = baseline;
  return [
    '<section id="baseline">',
    "<h2>Against the baseline</h2>",
    `<p>${escaped(baselineSentence(baseline))}</p>`,
    ...(changes.length === 0 ? [] : [gridHtml(baselineGrid(baseline))]),
    ...(notes.length === 0
      ? []
      : [`<ul>${notes.map((note) => `<li>${escaped(note)}</li>`).join("\n")}</ul>`]),
    "</section>",
  ];
}

function section(workload: WorkloadResult, index: number): string {
  const { name, summary, leftOut } = workload;
  const verdicts = verdictsOf(workload);
  return [
    `<section id="workload-${index}">`,
    `<h2>${escaped(name)}</h2>`,
    `<p class="facts">${escaped(`${summary}; ${measuredText(workload)}.`)}</p>`,
    ...groupsOf(workload).map((group, i) =>
      groupSection(group, verdictText(verdicts[i] as GroupVerdict), `${index}-${i}`)
    ),
    ...comparisons(workload),
    ...(leftOut.length === 0 ? [] : [
      "<ul>",
      ...leftOut.map(({ what, why }) => `<li>not measured: ${escaped(`${what}: ${why}`)}</li>`),
      "</ul>",
    ]),
    "</section>",
  ].join("\n");
}

function groupSection(group: Group, sentence: string, place: string): string {
  const figures = (charts: readonly Chart[], kind: string) => [
    '<div class="charts">',
    ...charts.map((chart, i) => figure(chart, `${kind}-${place}-${i}`)),
    "</div>",
  ];
  const rounds = roundChartsOf(group);
  return [
    `<h3 id="group-${place}">${escaped(capital(group.title))}</h3>`,
    ...(sentence === "" ? [] : [`<p>${escaped(capital(sentence))}</p>`]),
    ...figures(chartsOf(group), "chart"),
    gridHtml(groupGrid(group)),
    ...(rounds.length === 0 ? [] : folded(
      `Round by round: ${plural(rounds.length, "chart")} of ${
        plural(group.setUps.length, "set-up")
      }`,
      figures(rounds, "rounds"),
    )),
  ].join("\n");
}

function comparisons(workload: WorkloadResult): string[] {
  const all = workload.comparisons;
  if (all.length === 0) return [];
  const apart = all.filter((one) => apartText(workload, one) === "yes").length;
  return folded(
    `${plural(all.length, "comparison")} of two set-ups in words: ${apart} told apart`,
    [gridHtml(comparisonGrid(workload))],
  );
}

/** Closed on a screen, where it would be long; printed open. */
function folded(summary: string, parts: readonly string[]): string[] {
  return [`<details><summary>${escaped(summary)}</summary>`, ...parts, "</details>"];
}
