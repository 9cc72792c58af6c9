/**
 * The results for a terminal: each workload's tables and what they come to, what is wrong with the
 * run, and for each workload the sentence that says what won, last, where the eye is.
 */
import { bold, cyan, dim, green, red, yellow } from "kleur/colors";
import type { Results, WorkloadResult } from "../results.ts";
import { comparedText, comparisonsOf, comparisonText } from "./compared.ts";
import { groupsOf } from "./figures.ts";
import { gridText } from "./grid-text.ts";
import { painted } from "./painted.ts";
import type { TableOptions } from "./painted.ts";
import { groupGrid } from "./setup-grid.ts";
import { harmless, plural, wrapped } from "./text.ts";
import { incompleteLines, verification, voidRounds } from "./troubles.ts";

const COMPARISONS_AT_MOST = 12;

export function resultTable(results: Results, options: TableOptions): string {
  return painted(options, (columns) => [
    ...results.workloads.flatMap((one) => workloadLines(one, columns)),
    ...troubles(results, columns),
    ...wrapped(verification(results), columns),
    "",
    ...results.workloads.flatMap((one) => sentence(one, columns)),
  ]);
}

function workloadLines(workload: WorkloadResult, columns: number): string[] {
  const { name, summary, rounds, windowMs, leftOut } = workload;
  const measured = `${plural(rounds, "round")} of ${windowMs} ms a set-up`;
  return [
    ...wrapped(harmless(`${name}: ${summary} (${measured})`), columns).map((line) => cyan(line)),
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
  const fitted = (text: string) => wrapped(harmless(text), columns, "  ");
  const lines = [
    ...results.workloads.flatMap(voidRounds).flatMap((text) =>
      fitted(text).map((line) => red(line))
    ),
    ...results.warnings.flatMap((text) => fitted(`warning: ${text}`).map((line) => yellow(line))),
    ...incompleteLines(results).flatMap((text) => fitted(text).map((line) => red(line))),
  ];
  return lines.length === 0 ? [] : [...lines, ""];
}

function sentence({ name, sentence }: WorkloadResult, columns: number): string[] {
  return wrapped(`${harmless(name)}: ${harmless(sentence)}`, columns, "  ").map((line) =>
    bold(green(line))
  );
}
