/**
 * One number for a submission: which files a report is about.
 */
import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { ManifestError, plain } from "./manifest-error.ts";

/** Bounds of a submission: each process of each case gets a copy of it. */
export const MOST_FILES = 2000;
export const MOST_BYTES = 64 * 1024 * 1024;

/** Made by tools, not by the author, and different on each host. */
export const IGNORED_FOLDERS: readonly string[] = ["node_modules", ".git", "__pycache__"];

export interface DigestBounds {
  readonly files: number;
  readonly bytes: number;
}

/** Compares by UTF-16 units: a locale must not change a digest. */
function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function tooBig(folder: string, bound: string): ManifestError {
  return new ManifestError(
    "unreadable",
    `${plain(folder)}: holds more than ${bound}; give the submission a folder of its own, ` +
      "without data that it can make itself",
  );
}

/** Paths of all files below a folder, with `/`, sorted. Links are files here, and never followed. */
async function listFiles(folder: string, most: number): Promise<string[]> {
  const files: string[] = [];
  const folders = [""];
  for (const inside of folders) {
    if (folders.length > most) throw tooBig(folder, `${most} folders`);
    for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
      const path = inside === "" ? entry.name : `${inside}/${entry.name}`;
      if (!entry.isDirectory()) files.push(path);
      else if (!IGNORED_FOLDERS.includes(entry.name)) folders.push(path);
      if (files.length > most) throw tooBig(folder, `${most} files`);
    }
  }
  return files.sort(byUnits);
}

interface Entry {
  readonly kind: "file" | "link" | "other";
  readonly content: Uint8Array;
}

const OTHER: Entry = { kind: "other", content: new Uint8Array() };

/** One entry of a folder, or undefined when it holds more than `most` bytes. */
async function readEntry(path: string, most: number): Promise<Entry | undefined> {
  const status = await lstat(path).catch((error) => {
    // A name that is not UTF-8 (archives made elsewhere have them) cannot be opened under what it was read as.
    if (error.code === "ENOENT" && path.includes("\ufffd")) return undefined;
    throw error;
  });
  if (status?.isSymbolicLink()) return { kind: "link", content: Buffer.from(await readlink(path)) };
  if (!status?.isFile()) return OTHER;
  if (status.size > most) return undefined;
  return { kind: "file", content: await readFile(path) };
}

/**
 * SHA-256, in hexadecimal, of a folder's files in the order of their paths: path, length and content of each. A
 * link counts by where it points; pipes, sockets and devices by their path alone, since reading one may not end.
 *
 * @throws {ManifestError} `unreadable` beyond the bounds, or when a file cannot be read.
 */
export async function digestFolder(
  folder: string,
  bounds: DigestBounds = { files: MOST_FILES, bytes: MOST_BYTES },
): Promise<string> {
  const hash = createHash("sha256");
  let left = bounds.bytes;
  let current = folder;
  try {
    for (const path of await listFiles(folder, bounds.files)) {
      current = join(folder, path);
      const entry = await readEntry(current, left);
      if (entry === undefined) throw tooBig(folder, `${bounds.bytes} bytes`);
      left -= entry.content.length;
      hash.update(`${entry.kind}\0${path}\0${entry.content.length}\0`).update(entry.content);
    }
  } catch (error) {
    if (error instanceof ManifestError) throw error;
    throw new ManifestError(
      "unreadable",
      `${plain(current)}: cannot be read (${
        plain((error as Error).message)
      }); check its permissions`,
    );
  }
  return hash.digest("hex");
}
