/**
 * Folders with given files, for the tests beside this file.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Runs `body` in a new folder with these files (path -> text), and removes it. */
export async function withFolder(
  files: Readonly<Record<string, string>>,
  body: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "steelyard-manifest-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The error that a promise is rejected with; a promise that is kept fails the test. */
export async function rejection<E extends Error>(
  promise: Promise<unknown>,
  type: new (...args: never[]) => E,
): Promise<E> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason);
  if (error instanceof type) return error;
  throw new Error(`expected ${type.name}, got ${error}`);
}
