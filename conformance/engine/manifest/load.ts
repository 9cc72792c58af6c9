/**
 * Reads the manifest of an implementation under test.
 *
 * Source: DESIGN, "Manifest".
 */
import { readFile, stat } from "node:fs/promises";
import { dirname, join, normalize, resolve } from "node:path";
import type { KnownIds } from "./check.ts";
import { digestFolder } from "./digest.ts";
import { findSyntaxProblem } from "./json-syntax.ts";
import { ManifestError, plain } from "./manifest-error.ts";
import { parseManifest } from "./parse.ts";
import type { Manifest } from "./schema.ts";

export const MANIFEST_NAME = "steelyard.json";

/** A manifest is a page of text; more is another file. */
const MOST_BYTES = 1024 * 1024;

export interface LoadedManifest {
  readonly manifest: Manifest;
  /** Absolute: the submission, which the manifest lies in. */
  readonly folder: string;
  /** Absolute: the manifest. */
  readonly path: string;
  /** The manifest as it was written. */
  readonly text: string;
  /** SHA-256 of the folder's files, in hexadecimal. */
  readonly digest: string;
}

const label = (path: string) => plain(normalize(path));

function unreadable(path: string, error: unknown): ManifestError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new ManifestError(
      "not-found",
      `${label(path)}: no such file; give a manifest, or a folder with a ${MANIFEST_NAME}`,
    );
  }
  return new ManifestError("unreadable", `${label(path)}: cannot be read (${plain(message)})`);
}

async function manifestPath(path: string): Promise<string> {
  const status = await stat(path);
  if (status.isDirectory()) return manifestPath(join(path, MANIFEST_NAME));
  if (!status.isFile()) throw new ManifestError("unreadable", `${label(path)}: is not a file`);
  if (status.size <= MOST_BYTES) return path;
  throw new ManifestError(
    "unreadable",
    `${label(path)}: ${status.size} bytes must be <= ${MOST_BYTES}; is it a manifest?`,
  );
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    // A mark of byte order, as some editors write it, is dropped here.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ManifestError("not-json", `${label(path)}: is not UTF-8; save it as UTF-8`);
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const problem = findSyntaxProblem(text);
    const said = problem === undefined
      ? plain((error as Error).message)
      : `line ${problem.line}, column ${problem.column}: ${problem.message}`;
    throw new ManifestError("not-json", `${label(path)}: is not JSON: ${said}`);
  }
}

/**
 * Reads a manifest, checks it, and takes the digest of its folder.
 *
 * @param path The manifest, or a folder with a `steelyard.json` in it.
 * @param known The ids of the suite, to check claims, lacks and known failures against.
 * @throws {ManifestError} with all problems that the manifest has.
 */
export async function loadManifest(path: string, known: KnownIds): Promise<LoadedManifest> {
  const found = await manifestPath(path).catch((error) => {
    throw error instanceof ManifestError ? error : unreadable(path, error);
  });
  const bytes = await readFile(found).catch((error) => {
    throw unreadable(found, error);
  });
  const text = decode(bytes, found);
  const manifest = parseManifest(parseJson(text, found), label(found), known);
  const absolute = resolve(found);
  const folder = dirname(absolute);
  return { manifest, folder, path: absolute, text, digest: await digestFolder(folder) };
}
