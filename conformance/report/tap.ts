/**
 * TAP 14: a test point for each case, its evidence in a YAML block.
 *
 * An optional failure is `not ok ... # TODO`, which TAP consumers show and do not count. What was not
 * judged is `ok ... # SKIP`. An error of the harness is a plain `not ok`: nobody may take it for a pass.
 */
import { exhibitsOf } from "./evidence.ts";
import type { CaseReport, Report } from "./report.ts";
import { oneLine, visible } from "./text.ts";
import { verdictSentence } from "./verdict-sentence.ts";

export function tap(reports: Report[]): string {
  const lines = [
    "TAP version 14",
    `1..${reports.reduce((sum, { cases }) => sum + cases.length, 0)}`,
  ];
  let number = 0;
  for (const report of reports) {
    const who = `${report.implementation.name}: ${report.system}`;
    lines.push(`# ${oneLine(who)}, seed ${report.seed}`);
    const prefix = reports.length > 1 ? `${who}: ` : "";
    for (const one of report.cases) {
      lines.push(point(one, ++number, prefix));
      if (one.verdict !== "pass") lines.push(...diagnostics(one));
    }
    lines.push(`# ${oneLine(verdictSentence(report))}`);
  }
  return lines.join("\n") + "\n";
}

function point(one: CaseReport, number: number, prefix: string): string {
  const description = escape(oneLine(prefix + one.id));
  const message = escape(oneLine(one.message));
  switch (one.verdict) {
    case "pass":
      return `ok ${number} - ${description}`;
    case "fail":
    case "error":
      return `not ok ${number} - ${description}`;
    case "optional-fail":
      return `not ok ${number} - ${description} # TODO ${one.level} does not hold: ${message}`;
    default:
      return `ok ${number} - ${description} # SKIP ${one.verdict}: ${message}`;
  }
}

/** A bare `#` would begin a directive. */
function escape(text: string): string {
  return text.replace(/[\\#]/g, "\\$&");
}

function diagnostics(one: CaseReport): string[] {
  const fields: [string, string][] = [
    ["message", one.message],
    ["verdict", one.verdict],
    ["level", one.level],
    ["rule", one.rule],
    ["title", one.title],
    ["source", one.source],
    ...exhibitsOf(one).map(({ label, kind, text }): [string, string] => [
      kind === "diff" ? "difference" : label,
      text,
    ]),
    ["reproduce", one.reproduce],
  ];
  if (one.trace !== null) fields.push(["trace", one.trace]);
  return ["  ---", ...fields.flatMap(([key, value]) => yaml(key, visible(value))), "  ..."];
}

/** A text of several lines as a literal block whose indent is stated, as the text may begin with spaces. */
function yaml(key: string, text: string): string[] {
  if (!text.includes("\n")) return [`  ${key}: ${JSON.stringify(text)}`];
  const ends = text.endsWith("\n");
  const lines = (ends ? text.slice(0, -1) : text).split("\n");
  return [`  ${key}: |2${ends ? "+" : "-"}`, ...lines.map((line) => `    ${line}`)];
}
