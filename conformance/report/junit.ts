/**
 * JUnit XML: a suite for each implementation and system, a testcase for each case, classname = rule.
 *
 * JUnit knows no warning. An optional failure is a passed test with its evidence in `system-out`: as a
 * failure it would turn a build red that exits with 0, as skipped it would hide that the case ran.
 * What was not judged (unsupported, blocked, skipped) is `skipped` with its reason, and only the
 * harness's own errors are `error`.
 */
import { evidenceText } from "./evidence.ts";
import type { CaseReport, Report } from "./report.ts";
import { oneLine, visible } from "./text.ts";
import { verdictSentence } from "./verdict-sentence.ts";

export function junit(reports: Report[]): string {
  const totals = totalsOf(reports.flatMap(({ cases }) => cases));
  const time = seconds(reports.reduce((sum, { durationMs }) => sum + durationMs, 0));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="steelyard" ${totals} time="${time}">`,
    ...reports.flatMap(suite),
    "</testsuites>",
    "",
  ].join("\n");
}

function suite(report: Report): string[] {
  const { implementation, system, host, cases } = report;
  const name = `${implementation.name} ${system}`;
  const properties = Object.entries({
    implementation: implementation.name,
    digest: implementation.digest,
    suite: report.suite.version,
    runtime: `${host.runtime} ${host.runtimeVersion}`,
    isolation: host.isolation,
    seed: String(report.seed),
    verdict: verdictSentence(report),
  });
  // The common schema of JUnit XML takes no fraction and no zone: the time is UTC.
  const timestamp = report.started.slice(0, "2020-01-01T00:00:00".length);
  return [
    `  <testsuite name="${attribute(name)}" ${totalsOf(cases)} time="${
      seconds(report.durationMs)
    }" ` +
    `timestamp="${attribute(timestamp)}">`,
    "    <properties>",
    ...properties.map(([key, value]) =>
      `      <property name="${key}" value="${attribute(value)}"/>`
    ),
    "    </properties>",
    ...cases.flatMap(testcase),
    "  </testsuite>",
  ];
}

function testcase(one: CaseReport): string[] {
  const start = `    <testcase name="${attribute(one.id)}" classname="${attribute(one.rule)}" ` +
    `time="${seconds(one.durationMs)}"`;
  const inner = outcome(one);
  return inner === "" ? [`${start}/>`] : [`${start}>`, `      ${inner}`, "    </testcase>"];
}

function outcome(one: CaseReport): string {
  const message = `message="${attribute(one.message)}"`;
  switch (one.verdict) {
    case "pass":
      return one.message === "" ? "" : `<system-out>${content(one.message)}</system-out>`;
    case "optional-fail":
      return `<system-out>${
        content(`${one.level} does not hold: ${one.message}\n${evidenceText(one)}`)
      }</system-out>`;
    case "fail":
      return `<failure ${message} type="${one.level}">${content(evidenceText(one))}</failure>`;
    case "error":
      return `<error ${message} type="harness">${content(evidenceText(one))}</error>`;
    default:
      return `<skipped message="${attribute(`${one.verdict}: ${one.message}`)}"/>`;
  }
}

function totalsOf(cases: CaseReport[]): string {
  const count = (...verdicts: string[]) =>
    cases.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return `tests="${cases.length}" failures="${count("fail")}" errors="${count("error")}" ` +
    `skipped="${count("unsupported", "blocked", "skipped")}"`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** XML 1.0 has no way to hold most control characters, not even as references: they become `\xHH`. */
function content(text: string): string {
  return visible(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

function attribute(text: string): string {
  return content(oneLine(text));
}
