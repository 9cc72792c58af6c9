/**
 * Writes reports to files, each whole or not at all: a reader never sees half a report, and a run that
 * is stopped leaves the last one as it was.
 */
import { randomBytes } from "node:crypto";
import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { FORMATS, type ReportOption } from "./formats.ts";
import type { Report } from "./report.ts";
import { oneLine } from "./text.ts";
import type { Recordings } from "./trace-files.ts";

/** A report that could not be written; `code` is the system's (`ENOENT`, `ENOSPC`, ...). */
export class ReportWriteError extends Error {
  override readonly name = "ReportWriteError";
  readonly code: string;
  readonly path: string;

  constructor(path: string, format: string, cause: unknown) {
    const code = codeOf(cause);
    super(
      `cannot write the ${format} report to ${oneLine(path)}: ${code}: ${
        adviceFor(code, path, cause)
      }`,
      { cause },
    );
    this.code = code;
    this.path = path;
  }
}

/** Where `-` goes; the process's standard output unless a test says otherwise. */
export type Sink = (text: string) => Promise<void>;

/** Writes every one it can, then throws the first {@link ReportWriteError}, if any. */
export async function writeReports(
  reports: Report[],
  options: readonly ReportOption[],
  standardOutput: Sink = toStandardOutput,
  recordings?: Recordings | readonly Recordings[],
): Promise<void> {
  const errors: ReportWriteError[] = [];
  for (const { format, file } of options) {
    const text = FORMATS[format]?.(reports, recordings);
    if (text === undefined) throw new TypeError(`no report format "${format}"`);
    try {
      await (file === "-" ? standardOutput(text) : toFile(file, text));
    } catch (error) {
      errors.push(new ReportWriteError(file === "-" ? "standard output" : file, format, error));
    }
  }
  if (errors[0]) throw errors[0];
}

/** Writes it whole or not at all; throws the file system's error. */
export async function toFile(file: string, text: string | Uint8Array): Promise<void> {
  const existing = await stat(file).catch(unlessMissing);
  // A pipe or a device (/dev/stdout) is written to: a rename would replace it.
  if (existing && !existing.isFile()) return await writeFile(file, text);
  // The rename goes to what a link names, or it would replace the link.
  const target = existing ? await realpath(file) : file;
  const temporary = join(
    dirname(target),
    `.${basename(target).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`,
  );
  try {
    await writeFile(temporary, text, { flag: "wx" });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function unlessMissing(error: unknown): null {
  if (codeOf(error) === "ENOENT") return null;
  throw error;
}

export function toStandardOutput(text: string): Promise<void> {
  return new Promise((done, failed) => {
    process.stdout.write(text, (error) => error ? failed(error) : done());
  });
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "unknown error";
}

function adviceFor(code: string, path: string, cause: unknown): string {
  switch (code) {
    case "ENOENT":
      return `the folder ${oneLine(dirname(path))} does not exist: make it, or name another file`;
    case "ENOTDIR":
      return `${oneLine(dirname(path))} is not a folder: name another file`;
    case "EISDIR":
      return "it is a folder: name a file in it";
    case "ENOSPC":
    case "EDQUOT":
      return "no space is left there: free some, or name a file on another disk, and run again";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "writing there is not permitted: name a file in a folder of your own";
    case "EPIPE":
      return "the program that reads it has ended";
    default:
      return oneLine(cause instanceof Error ? cause.message : String(cause));
  }
}
