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
      const status = await lstat(current);
      if (status.isFile() && status.size > left) throw tooBig(folder, `${bounds.bytes} bytes`);
      const content = status.isFile()
        ? await readFile(current)
        : Buffer.from(status.isSymbolicLink() ? await readlink(current) : "");
      left -= content.length;
      const kind = status.isFile() ? "file" : status.isSymbolicLink() ? "link" : "other";
      hash.update(`${kind}\0${path}\0${content.length}\0`).update(content);
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
