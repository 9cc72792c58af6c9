/** Markdown: the sentences, each workload's tables, and on what and how it was measured. */
import { publishedSections } from "../published/mod.ts";
import type { PublishedSection } from "../published/mod.ts";
import type { Results, WorkloadResult } from "../results.ts";
import { baselineGrid, baselineSentence } from "./baseline-grid.ts";
import { environmentGrid } from "./environment-grid.ts";
import { groupsOf, measuredText } from "./figures.ts";
import { codeBlock, escaped, gridMarkdown } from "./grid-markdown.ts";
import { comparisonGrid, groupGrid } from "./setup-grid.ts";
import { troublesOf, verification } from "./troubles.ts";
import { sentencesOf } from "./verdicts.ts";

export function markdown(results: Results): string {
  return [
    "# Benchmark",
    "",
    ...results.workloads.flatMap(verdictLines),
    "",
    escaped(verification(results)),
    "",
    ...troubles(results),
    ...baselineLines(results),
    ...results.workloads.flatMap(section),
    ...publishedSections(results).flatMap(publishedMarkdown),
    "## Environment",
    "",
    ...gridMarkdown(environmentGrid(results)),
    "Command:",
    "",
    ...codeBlock(results.command),
  ].join("\n");
}

function verdictLines(workload: WorkloadResult): string[] {
  return [
    `- **${escaped(workload.name)}**`,
    ...sentencesOf(workload).map((one) => `  - ${escaped(one)}`),
  ];
}

function troubles(results: Results): string[] {
  const lines = troublesOf(results);
  if (lines.length === 0) return [];
  return ["## Warnings", "", ...lines.map(({ text }) => `- ${escaped(text)}`), ""];
}

function baselineLines({ baseline }: Results): string[] {
  if (!baseline) return [];
  const { changes, notes } = baseline;
  return [
    "## Against the baseline",
    "",
    escaped(baselineSentence(baseline)),
    "",
    ...(changes.length === 0 ? [] : gridMarkdown(baselineGrid(baseline))),
    ...notes.map((note) => `- ${escaped(note)}`),
    ...(notes.length === 0 ? [] : [""]),
  ];
}

function section(workload: WorkloadResult): string[] {
  const { name, summary, leftOut } = workload;
  return [
    `## ${escaped(name)}`,
    "",
    escaped(`${summary}; ${measuredText(workload)}.`),
    "",
    ...groupsOf(workload).flatMap((group) => gridMarkdown(groupGrid(group))),
    ...(workload.comparisons.length === 0 ? [] : gridMarkdown(comparisonGrid(workload))),
    ...leftOut.map(({ what, why }) => `- not measured: ${escaped(`${what}: ${why}`)}`),
    ...(leftOut.length === 0 ? [] : [""]),
  ];
}

function publishedMarkdown({ title, note, published, ours }: PublishedSection): string[] {
  return [
    `## ${escaped(title)}`,
    "",
    escaped(note),
    "",
    ...[...published, ...ours].flatMap(gridMarkdown),
  ];
}
