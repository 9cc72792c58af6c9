/** What was seen of each failing case, as a text file of its own: `check --traces DIR`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CaseReport, Report } from "./report.ts";

const FAILED = new Set(["fail", "optional-fail", "error"]);

/** A file name that stands for a case, whatever the shell or the system. */
export function traceName(id: string): string {
  return `${id.replaceAll("/", "__").replace(/[^A-Za-z0-9._-]/g, "_")}.txt`;
}

/**
 * Writes a file for each case that failed and returns the reports with their paths in. Throws the
 * file system's error, which names the path.
 */
export function writeTraces(reports: readonly Report[], folder: string): Report[] {
  mkdirSync(folder, { recursive: true });
  const several = reports.length > 1;
  return reports.map((report) => {
    const into = several
      ? join(folder, `${report.system}-${safe(report.implementation.name)}`)
      : folder;
    mkdirSync(into, { recursive: true });
    return { ...report, cases: report.cases.map((one) => withTrace(one, into)) };
  });
}

function withTrace(one: CaseReport, folder: string): CaseReport {
  if (!FAILED.has(one.verdict)) return one;
  const path = join(folder, traceName(one.id));
  const parts = [
    `${one.id} (${one.level}): ${one.verdict}`,
    `${one.title}\n${one.message}`,
    ...([["sent", one.sent], ["expected", one.expected], ["actual", one.actual]] as const)
      .filter(([, text]) => text !== null).map(([name, text]) => `--- ${name}\n${text}`),
    `--- reproduce\n${one.reproduce}`,
  ];
  writeFileSync(path, `${parts.join("\n\n")}\n`);
  return { ...one, trace: path };
}

function safe(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, "_");
}
