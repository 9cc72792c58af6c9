/**
 * A fresh copy of a submission, and files written into it.
 *
 * Submissions come from strangers: nothing that points out of the folder is copied, and nothing is
 * written outside.
 */
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { ProcessError } from "./errors.ts";
import { quote } from "./launch.ts";

/** A submission is source code; whatever exceeds these is a mistake or an attack. */
export const MAX_FILES = 20_000;
export const MAX_BYTES = 512 * 1024 * 1024;
const LEFT_OUT = new Set([".git", "__pycache__"]);

export interface Copied {
  readonly files: number;
  readonly bytes: number;
  /**
   * Relative paths of what was not copied: links that leave the folder, sockets, pipes, devices.
   */
  readonly leftOut: readonly string[];
}

/**
 * Copies a folder with modes and inner links into a new or empty one.
 * Throws `ProcessError` "copy" when it is too large, or `into` is not empty or lies inside the
 * folder.
 */
export async function copySubmission(folder: string, into: string): Promise<Copied> {
  const from = await realpath(folder);
  await mkdir(into, { recursive: true });
  const to = await realpath(into);
  if (isInside(to, from)) throw refuse(`${quote(into)} lies inside ${quote(folder)}`);
  if ((await readdir(to)).length > 0) throw refuse(`${quote(into)} is not empty`);
  const leftOut: string[] = [];
  let files = 0;
  let bytes = 0;

  async function copyFolder(path: string): Promise<void> {
    for (const name of await readdir(join(from, path))) {
      if (LEFT_OUT.has(name)) continue;
      if (++files > MAX_FILES) {
        throw refuse(
          `${quote(folder)} holds more than ${MAX_FILES} files: remove what is not source`,
        );
      }
      await copyEntry(join(path, name));
    }
  }

  async function copyEntry(path: string): Promise<void> {
    const source = join(from, path);
    const status = await lstat(source);
    if (status.isDirectory()) {
      await mkdir(join(to, path));
      await copyFolder(path);
      // The suite must be able to write into the copy, and to remove it.
      await chmod(join(to, path), (status.mode & 0o777) | 0o700);
    } else if (status.isSymbolicLink()) {
      const target = await innerTarget(from, source);
      if (target === null) leftOut.push(path);
      else await symlink(target, join(to, path));
    } else if (status.isFile()) {
      bytes += status.size;
      if (bytes > MAX_BYTES) {
        throw refuse(
          `${quote(folder)} holds more than ${MAX_BYTES} bytes: remove what is not source`,
        );
      }
      await copyFile(source, join(to, path));
      await chmod(join(to, path), status.mode & 0o777);
    } else {
      leftOut.push(path);
    }
  }

  await copyFolder("");
  return { files, bytes, leftOut };
}

/**
 * Where a link of the copy has to point; null when it leaves the folder, by its text or through
 * other links.
 */
async function innerTarget(folder: string, link: string): Promise<string | null> {
  const text = await readlink(link);
  const target = resolve(dirname(link), text);
  if (!isInside(target, folder)) return null;
  // A dangling link stays one; its text has been looked at.
  const real = await realpath(link).catch(() => target);
  if (!isInside(real, folder)) return null;
  return isAbsolute(text) ? relative(dirname(link), target) || "." : text;
}

/**
 * Writes text files into a folder by relative path, making the folders they need.
 * Throws `ProcessError` "copy" for a path that leaves the folder, by its text or through a link;
 * then nothing is written.
 */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const root = await realpath(folder);
  const paths = Object.keys(files);
  for (const path of paths) {
    const target = resolve(root, path);
    if (path.includes("\0") || isAbsolute(path) || target === root || !isInside(target, root)) {
      throw refuse(`${quote(path)} is not a path inside ${quote(folder)}: write it relative to it`);
    }
    if (!isInside(await existing(dirname(target)), root)) {
      throw refuse(`${quote(path)} leaves ${quote(folder)} through a link`);
    }
  }
  for (const path of paths) {
    const target = resolve(root, path);
    await mkdir(dirname(target), { recursive: true });
    const status = await lstat(target).catch(() => null);
    // Replaced and not written through: what it points at may be another file of the submission.
    if (status?.isSymbolicLink()) await rm(target);
    await writeFile(target, files[path]!);
  }
}

/**
 * The real path of the nearest folder that is there. A dangling link on the way counts as leaving.
 */
async function existing(path: string): Promise<string> {
  const status = await lstat(path).catch(() => null);
  if (status === null) return await existing(dirname(path));
  return await realpath(path).catch(() => sep);
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function refuse(message: string): ProcessError {
  return new ProcessError("copy", message);
}
