/** Paths of a case's folder: what lies below it, and what does not. */
import { chmodSync, existsSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { join, resolve, sep } from "node:path";

/** Every file below a folder, as paths relative to it. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !lstatSync(join(folder, path)).isDirectory());
}

export function isInside(folder: string, path: string): boolean {
  return resolve(path).startsWith(resolve(folder) + sep);
}

export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // A program may have taken the right to write away from folders of its own.
    openFolders(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 2 });
  }
}

/** Gives the right to list and to change back, from the top down. */
function openFolders(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(folder, entry.name));
  }
}
