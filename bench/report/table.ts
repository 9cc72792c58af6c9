/**
 * The results for a terminal: each workload's tables and what they come to, what is wrong with the
 * run, and for each group the sentence that says what won, last, where the eye is.
 */
import { bold, cyan, dim, green, red, yellow } from "kleur/colors";
import type { Results, WorkloadResult } from "../results.ts";
import { comparedText, comparisonsOf, comparisonText } from "./compared.ts";
import { groupsOf, measuredText } from "./figures.ts";
import { gridText } from "./grid-text.ts";
import { painted } from "./painted.ts";
import type { TableOptions } from "./painted.ts";
import { groupGrid } from "./setup-grid.ts";
import { harmless, wrapped } from "./text.ts";
import { troublesOf, verification } from "./troubles.ts";
import { sentencesOf } from "./verdicts.ts";

const COMPARISONS_AT_MOST = 12;

export function resultTable(results: Results, options: TableOptions): string {
  return painted(options, (columns) => [
    ...results.workloads.flatMap((one) => workloadLines(one, columns)),
    ...troubles(results, columns),
    ...wrapped(verification(results), columns),
    "",
    ...results.workloads.flatMap((one) => sentences(one, columns)),
  ]);
}

function workloadLines(workload: WorkloadResult, columns: number): string[] {
  const { name, summary, leftOut } = workload;
  return [
    ...wrapped(harmless(`${name}: ${summary} (${measuredText(workload)})`), columns).map((line) =>
      cyan(line)
    ),
    "",
    ...groupsOf(workload).flatMap((group) => [...gridText(groupGrid(group), columns), ""]),
    ...comparisons(workload, columns),
    ...leftOut.flatMap(({ what, why }) =>
      wrapped(harmless(`not measured: ${what}: ${why}`), columns, "  ").map((line) => yellow(line))
    ),
    ...(leftOut.length === 0 ? [] : [""]),
  ];
}

function comparisons(workload: WorkloadResult, columns: number): string[] {
  const all = comparisonsOf(workload);
  if (all.length === 0) return [];
  const shown = all.slice(0, COMPARISONS_AT_MOST);
  return [
    bold("compared, round by round"),
    ...shown.flatMap((one) => {
      const text = `  ${comparedText(workload, one).padEnd(20)}  ${
        harmless(comparisonText(workload, one))
      }`;
      return wrapped(text, columns, " ".repeat(24)).map((line) =>
        one.significant ? line : dim(line)
      );
    }),
    ...(all.length > shown.length
      ? [dim(`  and ${all.length - shown.length} more, which the files tell of`)]
      : []),
    "",
  ];
}

function troubles(results: Results, columns: number): string[] {
  const lines = troublesOf(results).flatMap(({ tone, text }) =>
    wrapped(harmless(text), columns, "  ").map(
      tone === "bad" ? (one) => red(one) : (one) => yellow(one),
    )
  );
  return lines.length === 0 ? [] : [...lines, ""];
}

/** A line for each group below the workload's name; one for both where there is one group. */
function sentences(workload: WorkloadResult, columns: number): string[] {
  const name = harmless(workload.name);
  const [first = "", ...others] = sentencesOf(workload).map(harmless);
  const lines = others.length === 0
    ? wrapped(`${name}: ${first}`, columns, "  ")
    : [`${name}:`, ...[first, ...others].flatMap((one) => wrapped(`  ${one}`, columns, "    "))];
  return lines.map((line) => bold(green(line)));
}
