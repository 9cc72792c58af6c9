/** Writes the results in every format, each file whole or not at all. */
import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Results } from "../results.ts";
import { FORMATS } from "./formats.ts";
import { harmless } from "./text.ts";

/** A file that could not be written; `code` is the system's (`ENOENT`, `ENOSPC`, ...). */
export class ResultWriteError extends Error {
  override readonly name = "ResultWriteError";
  readonly code: string;
  readonly path: string;

  constructor(path: string, cause: unknown) {
    const code = String((cause as { code?: unknown } | null)?.code ?? "unknown error");
    super(`cannot write the results to ${harmless(path)}: ${code}: ${adviceFor(code, cause)}`, {
      cause,
    });
    this.code = code;
    this.path = path;
  }
}

/** Writes a new file; another one in tests. */
export type WriteNew = (path: string, text: string) => Promise<void>;

/**
 * Writes `bench.json`, `bench.csv`, ... into a folder that is there; their paths. Writes every one
 * that it can, then throws the first {@link ResultWriteError}, if any: an older file is then as it was.
 */
export async function writeFiles(
  results: Results,
  folder: string,
  writeNew?: WriteNew,
): Promise<string[]> {
  const written: string[] = [];
  const errors: unknown[] = [];
  for (const format of Object.keys(FORMATS)) {
    const path = join(folder, `bench.${EXTENSIONS[format] ?? format}`);
    try {
      written.push(await writeReport(results, format, path, writeNew));
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return written;
}

/** Writes one format to a file; throws a {@link ResultWriteError}, an older file being as it was. */
export async function writeReport(
  results: Results,
  format: string,
  path: string,
  writeNew?: WriteNew,
): Promise<string> {
  const text = FORMATS[format]?.(results);
  if (text === undefined) {
    throw new TypeError(`no format "${format}": ${Object.keys(FORMATS).join(", ")}`);
  }
  try {
    await putWhole(path, text, writeNew);
    return path;
  } catch (error) {
    throw new ResultWriteError(path, error);
  }
}

const EXTENSIONS: Readonly<Record<string, string>> = { markdown: "md" };

async function putWhole(
  path: string,
  text: string,
  writeNew: WriteNew = (path, text) => writeFile(path, text, { flag: "wx" }),
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeNew(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function adviceFor(code: string, cause: unknown): string {
  switch (code) {
    case "ENOENT":
      return "its folder does not exist: make it, or name another one";
    case "ENOTDIR":
      return "its folder is a file: name another one";
    case "EISDIR":
      return "a folder has its name: remove that, or name another folder";
    case "ENOSPC":
    case "EDQUOT":
      return "no space is left there: free some, or name a folder on another disk";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "writing there is not permitted: name a folder of your own";
    default:
      return harmless(cause instanceof Error ? cause.message : String(cause));
  }
}
