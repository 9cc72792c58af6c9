/**
 * Common Test Report Format (ctrf.io): one run, a test for each case.
 *
 * CTRF's statuses are fewer than our verdicts, so `rawStatus` keeps ours. An optional failure and an
 * error of the harness are `other`: neither speaks against the implementation.
 */
import type { Verdict } from "../engine/verdict.ts";
import { evidenceText } from "./evidence.ts";
import type { CaseReport, Report } from "./report.ts";
import { summarise } from "./summary.ts";
import { visible } from "./text.ts";
import { verdictSentence } from "./verdict-sentence.ts";

const STATUS: Record<Verdict, "passed" | "failed" | "skipped" | "other"> = {
  pass: "passed",
  fail: "failed",
  "optional-fail": "other",
  unsupported: "skipped",
  blocked: "skipped",
  skipped: "skipped",
  error: "other",
};

export function ctrf(reports: Report[]): string {
  const tests = reports.flatMap((report) => report.cases.map((one) => test(report, one)));
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  const starts = reports.map(({ started }) => Date.parse(started) || 0);
  const stops = reports.map(({ durationMs }, at) => (starts[at] ?? 0) + Math.round(durationMs));
  const first = reports[0];
  const document = {
    reportFormat: "CTRF",
    specVersion: "0.0.0",
    generatedBy: "steelyard",
    results: {
      tool: { name: "steelyard", ...(first && { version: first.suite.version }) },
      summary: {
        tests: tests.length,
        passed: count("passed"),
        failed: count("failed"),
        skipped: count("skipped"),
        pending: 0,
        other: count("other"),
        suites: reports.length,
        start: starts.length === 0 ? 0 : Math.min(...starts),
        stop: stops.length === 0 ? 0 : Math.max(...stops),
      },
      tests,
      ...(first && { environment: environment(first) }),
      extra: {
        reports: reports.map((report) => ({
          implementation: report.implementation,
          system: report.system,
          seed: report.seed,
          conforms: report.conforms,
          verdict: verdictSentence(report),
          summary: summarise(report.cases),
        })),
      },
    },
  };
  return JSON.stringify(document, null, 2) + "\n";
}

function test({ implementation, system }: Report, one: CaseReport) {
  return {
    name: one.id,
    status: STATUS[one.verdict],
    duration: Math.round(one.durationMs),
    suite: [implementation.name, system, one.role],
    ...(one.message !== "" && { message: visible(one.message) }),
    ...(one.expected !== null && { trace: evidenceText(one) }),
    rawStatus: one.verdict,
    tags: [one.level],
    type: "conformance",
    ...(one.trace !== null && { attachments: [capture(one.trace)] }),
    extra: { rule: one.rule, title: one.title, source: one.source, reproduce: one.reproduce },
  };
}

function capture(path: string) {
  const contentType = path.endsWith(".pcapng")
    ? "application/x-pcapng"
    : path.endsWith(".har")
    ? "application/json"
    : "application/octet-stream";
  return { name: "capture", contentType, path };
}

function environment({ host }: Report) {
  const { runtime, runtimeVersion, os, cpu, cores, isolation } = host;
  return { osPlatform: os, extra: { runtime, runtimeVersion, cpu, cores, isolation } };
}
