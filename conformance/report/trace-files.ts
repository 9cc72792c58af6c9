/**
 * What was seen of each failing case, as a text file of its own, and as a pcapng file where datagrams
 * were recorded: `check --traces DIR`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RecordedDatagram } from "../mdalp/capture/recorded-datagram.ts";
import { writePcapng } from "../mdalp/capture/write-pcapng.ts";
import type { CaseReport, Report } from "./report.ts";

const FAILED = new Set(["fail", "optional-fail", "error"]);

/** The datagrams of cases by their ids, times in milliseconds since 1970. */
export type Recordings = ReadonlyMap<string, readonly RecordedDatagram[]>;

/** One map where there is one report, else one for each, in their order. */
export function recordingsOf(
  recordings: Recordings | readonly Recordings[] | undefined,
  index: number,
): Recordings | undefined {
  return isList(recordings) ? recordings[index] : recordings;
}

function isList(
  recordings: Recordings | readonly Recordings[] | undefined,
): recordings is readonly Recordings[] {
  return Array.isArray(recordings);
}

/** A file name that stands for a case, whatever the shell or the system. */
export function traceName(id: string, ending: "txt" | "pcapng" = "txt"): string {
  return `${id.replaceAll("/", "__").replace(/[^A-Za-z0-9._-]/g, "_")}.${ending}`;
}

/**
 * Writes the files of each case that failed and returns the reports with a path in: of the pcapng
 * where there is one, else of the text. Throws the file system's error, which names the path.
 */
export function writeTraces(
  reports: readonly Report[],
  folder: string,
  recordings?: Recordings | readonly Recordings[],
): Report[] {
  mkdirSync(folder, { recursive: true });
  const several = reports.length > 1;
  return reports.map((report, i) => {
    const recorded = recordingsOf(recordings, i);
    const into = several
      ? join(folder, `${report.system}-${safe(report.implementation.name)}`)
      : folder;
    mkdirSync(into, { recursive: true });
    return {
      ...report,
      cases: report.cases.map((one) => withTrace(one, into, recorded?.get(one.id))),
    };
  });
}

function withTrace(
  one: CaseReport,
  folder: string,
  recorded: readonly RecordedDatagram[] | undefined,
): CaseReport {
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
  if (!recorded || recorded.length === 0) return { ...one, trace: path };
  const capture = join(folder, traceName(one.id, "pcapng"));
  writeFileSync(capture, writePcapng(recorded, { comment: one.id }));
  return { ...one, trace: capture };
}

function safe(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, "_");
}
