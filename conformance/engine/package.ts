/** Where this package lies, from its sources or built, and how its own programs are started. */
import { existsSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { runArguments, runtime } from "../../src/net/mod.ts";
import type { Runtime } from "../../src/net/mod.ts";

const here = fileURLToPath(import.meta.url);
/** Built, this file is a part of one of the files in `dist`. */
const built = basename(dirname(here)) === "dist";

export const packageRoot: string = findRoot(dirname(here));

function findRoot(folder: string): string {
  const manifest = join(folder, "package.json");
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "steelyard") {
    return folder;
  }
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`${here} lies in no copy of the package steelyard`);
  return findRoot(parent);
}

export const packageVersion: string =
  JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")).version;

/** The program file of the command line: the built one where this is built. */
export const entryPoint: string = built
  ? join(packageRoot, "dist", "steelyard.js")
  : join(packageRoot, "src", "cli", "main.ts");

/**
 * The digest of the suite's own entry and lock: tells two versions of it apart in reports. The built
 * entry names its parts by their digests.
 */
export function suiteDigest(): string {
  const hash = createHash("sha256");
  for (const file of ["package.json", "golden/files/SHA256SUMS"]) {
    hash.update(readFileSync(join(packageRoot, file)));
  }
  return `sha256:${hash.update(readFileSync(entryPoint)).digest("hex")}`;
}

/** The command that runs `steelyard` with these arguments on a runtime. */
export function ownCommand(on: Runtime, args: readonly string[]): string[] {
  return [executable(on), ...runArguments(on), entryPoint, ...args];
}

/** A runtime that is asked for and not there. */
export class RuntimeMissing extends Error {
  readonly code = "runtime-missing";
}

/** The executable of a runtime: this one, the package's own, or one on PATH. */
export function executable(of: Runtime): string {
  if (of === runtime) return process.execPath;
  const path = [join(packageRoot, "node_modules", ".bin")];
  path.push(...(process.env.PATH ?? "").split(delimiter));
  const found = path.map((folder) => join(folder, of)).find((file) => existsSync(file));
  if (found) return found;
  throw new RuntimeMissing(`no ${of} found; run npm ci in ${packageRoot}, or put ${of} on PATH`);
}
