/** What `explain` shows, as data and as text for a terminal. */
import type { Rule } from "../../conformance/engine/case.ts";
import { visible, wrap } from "../../conformance/report/text.ts";

interface Named {
  readonly id: string;
  readonly title: string;
}

export type Explanation =
  | {
    readonly kind: "rule";
    readonly id: string;
    readonly rule: Rule;
    readonly cases: readonly Named[];
    readonly mutants: readonly Named[];
    readonly command: string;
  }
  | {
    readonly kind: "case";
    readonly id: string;
    readonly title: string;
    readonly rule: Rule;
    readonly source: string;
    readonly golden?: { readonly path: string; readonly text: string };
    readonly falseAlarm?: number;
    readonly needs?: readonly string[];
    readonly otherCases: readonly Named[];
    /** Implementations that are broken to fail the rule. */
    readonly mutants: readonly Named[];
    readonly history?: readonly string[];
    readonly command: string;
  };

const MARKS = {
  expected: "expected: the source does not say it, yet every user counts on it",
  security: "security: the source does not say it, and to break it does harm",
} as const;

const LABEL = 13;
const COLUMNS = 100;

export function explanationText(of: Explanation): string {
  const { rule } = of;
  const lines = of.kind === "case"
    ? [
      of.id,
      `  ${of.title}`,
      "",
      ...row("rule", `${rule.id} (${rule.level})`),
      ...row("", rule.text),
    ]
    : [`${of.id} (${rule.level})`, ...wrap(rule.text, COLUMNS - 2).map((line) => `  ${line}`), ""];
  if (rule.mark) lines.push(...row("mark", MARKS[rule.mark]));
  lines.push(...row("observed", rule.observed), ...row("source", rule.source));
  if (of.kind === "rule") {
    lines.push(...list("cases", of.cases), ...list("mutants", of.mutants));
    return [...lines, ...row("run it", of.command)].join("\n");
  }
  if (of.falseAlarm !== undefined) {
    lines.push(...row("false alarm", falseAlarmText(of.falseAlarm)));
  }
  if (of.needs) lines.push(...row("judged when", `${of.needs.join(", ")} did not fail`));
  if (of.golden) {
    lines.push(...row("golden", of.golden.path));
    lines.push(
      ...visible(of.golden.text).trimEnd().split("\n").map((line) => `    ${line}`.trimEnd()),
    );
  }
  if (of.otherCases.length > 0) lines.push(...list("other cases", of.otherCases));
  lines.push(...list("mutants", of.mutants));
  if (of.history) {
    lines.push(...of.history.flatMap((line, i) => row(i ? "" : "history", visible(line))));
  }
  return [...lines, ...row("run it", of.command)].join("\n");
}

function falseAlarmText(chance: number): string {
  return `an implementation that just meets the rule fails with probability ${chance.toExponential()} at most`;
}

function list(label: string, cases: readonly Named[]): string[] {
  return cases.flatMap(({ id, title }, i) => row(i === 0 ? label : "", `${id}: ${title}`));
}

function row(label: string, text: string): string[] {
  return wrap(text, COLUMNS - LABEL).map((line, i) => (i ? "" : label).padEnd(LABEL) + line);
}
