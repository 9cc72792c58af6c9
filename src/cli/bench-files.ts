/** The files that a measurement is written to: named before it begins, written after it. */
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { FORMATS, writeFiles, writeReport } from "../../bench/report/mod.ts";
import type { Results } from "../../bench/results.ts";
import { printError } from "./role-command.ts";
import { EXIT, UsageError } from "./usage.ts";

/** Where each run has a folder of its own unless `--out` names one. */
export const RESULTS = "bench-results";

export interface Files {
  readonly reports: readonly { readonly format: string; readonly file: string }[];
  /** For all formats; undefined where single reports were asked for instead. */
  readonly folder: string | undefined;
}

/** Throws a UsageError for what could not be written to after minutes of measuring. */
export function filesOf(given: readonly string[], out: string | undefined): Files {
  const reports = given.map(reportOf);
  for (const { file } of reports) writable("--report", dirname(file));
  const own = join(RESULTS, new Date().toISOString().replace(/[:.]/g, "-"));
  const folder = out ?? (reports.length === 0 ? own : undefined);
  if (folder !== undefined) {
    made(out === undefined ? RESULTS : "--out", folder);
    writable(out === undefined ? RESULTS : "--out", folder);
  }
  return { reports, folder };
}

function reportOf(one: string): Files["reports"][number] {
  const [, format = "", file = ""] = /^([^=]*)=(.+)$/.exec(one) ?? [];
  if (Object.hasOwn(FORMATS, format)) return { format, file };
  throw new UsageError(
    `--report ${JSON.stringify(one)} is not FORMAT=FILE with a format of ` +
      Object.keys(FORMATS).join(", "),
  );
}

function made(option: string, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message}; name another folder`);
  }
}

function writable(option: string, folder: string): void {
  if (!existsSync(folder)) {
    throw new UsageError(`${option}: there is no folder ${JSON.stringify(folder)}; make it first`);
  }
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message}; name another folder`);
  }
}

/** Writes them and says where; what cannot be written is told, and leaves the run incomplete. */
export async function writeAll(results: Results, { reports, folder }: Files): Promise<number> {
  let code: number = EXIT.conforms;
  const tried = async (write: () => Promise<readonly string[]>) => {
    try {
      for (const path of await write()) console.log(`written: ${path}`);
    } catch (error) {
      printError((error as Error).message);
      code = EXIT.incomplete;
    }
  };
  for (const { format, file } of reports) {
    await tried(async () => [await writeReport(results, format, file)]);
  }
  if (folder !== undefined) {
    await tried(() => {
      // It may have gone while the measurement took its time.
      mkdirSync(folder, { recursive: true });
      return writeFiles(results, folder);
    });
  }
  return code;
}
