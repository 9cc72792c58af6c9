/** Markdown: a table of rules with their verdicts, then each failure with its evidence. */
import { exhibitsOf } from "./evidence.ts";
import type { CaseReport, Report } from "./report.ts";
import { countsText, rulesOf, summarise } from "./summary.ts";
import { oneLine, plural, visible } from "./text.ts";
import { verdictSentence } from "./verdict-sentence.ts";

export function markdown(reports: Report[]): string {
  return reports.map(section).join("\n");
}

function section(report: Report): string {
  const { implementation, system, host, cases, seed } = report;
  const rules = rulesOf(cases);
  const failures = cases.filter(({ verdict }) => verdict === "fail" || verdict === "optional-fail");
  const unjudged = cases.filter(({ verdict }) =>
    ["error", "blocked", "skipped", "unsupported"].includes(verdict)
  );
  return [
    `# ${escape(`${implementation.name}: ${system}`)}`,
    "",
    `**${escape(verdictSentence(report))}**`,
    "",
    escape(`${plural(cases.length, "case")}: ${countsText(summarise(cases))}.`) + " " +
    escape(
      `Suite ${report.suite.version} on ${host.runtime} ${host.runtimeVersion}, seed ${seed}.`,
    ),
    "",
    "| rule | level | verdict | cases |",
    "|---|---|---|---|",
    ...rules.map(({ rule, level, verdict, cases }) =>
      `| ${escape(rule)} | ${level} | ${
        verdict === "pass" ? verdict : `**${verdict}**`
      } | ${cases.length} |`
    ),
    "",
    ...failures.flatMap(failure),
    ...(unjudged.length === 0
      ? []
      : ["## Without a pass or a failure", "", ...unjudged.map(reason), ""]),
  ].join("\n");
}

function failure(one: CaseReport): string[] {
  return [
    `## ${one.verdict}: ${escape(one.id)}`,
    "",
    `Rule ${escape(one.rule)} (${one.level}): ${escape(one.title)}  `,
    `Source: ${escape(one.source)}`,
    "",
    escape(one.message),
    "",
    ...exhibitsOf(one).flatMap(({ label, kind, text }) => [
      `${label}:`,
      "",
      ...fenced(text, kind),
      "",
    ]),
    ...(one.trace === null ? [] : [`Capture: ${escape(one.trace)}`, ""]),
    "Reproduce:",
    "",
    ...fenced(visible(one.reproduce), "sh"),
    "",
  ];
}

function reason({ verdict, id, message }: CaseReport): string {
  return `- ${verdict}: ${escape(id)}${message === "" ? "" : `: ${escape(message)}`}`;
}

/** A fence longer than any run of backticks inside cannot be closed by the text. */
function fenced(text: string, language: string): string[] {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, text.replace(/\n$/, ""), fence];
}

/** Backslash escapes work for ASCII punctuation everywhere outside code, in table cells too. */
export function escape(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>()#!~&|@]/g, "\\$&");
}
