/**
 * Where the selector's file is: in the case's folder, or where the lab has it. Programs of the lab
 * name `/tmp/selected_server` in their source, and often a port, so that cases with them take turns.
 */
import { existsSync, lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import type { RoleSpec } from "../engine/manifest/mod.ts";
import { boxedTmp } from "../engine/process/mod.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { roleOf } from "../engine/run/implementation.ts";
import type { Implementation } from "../engine/run/implementation.ts";
import { hostLock } from "./host-lock.ts";

/** The state file of the lab. */
export const LAB_STATE_PATH = "/tmp/selected_server";

/** Whether a role can be told where the file is: by its command, a mode, a variable or a file. */
export function takesState(spec: RoleSpec): boolean {
  return /\{state(:\w+)?\}/.test(JSON.stringify(spec));
}

/**
 * The path for the roles of a case; no file is there yet. It is the case's own where each role takes
 * it from the manifest, else the lab's: at the case's end what was there comes back.
 */
export function statePathFor(
  context: CaseContext,
  roles: readonly string[],
  labPath: string = LAB_STATE_PATH,
): string {
  const specs = roles.map((role) => roleOf(context.implementation, role));
  if (specs.every((spec) => spec === undefined || takesState(spec))) {
    return made(join(context.folder, "state", "selected_server"));
  }
  context.log.add("suite", `the manifest names {state} nowhere, so the file is ${labPath}`);
  // A boxed program has a /tmp of its case's own, which no other case sees.
  if (context.isolation === "bwrap") return made(join(boxedTmp(context.folder), basename(labPath)));
  const restore = setAside(labPath);
  // Registered before anything else of the case, so that it comes after its programs have ended.
  context.onEnd(() => Promise.resolve(restore()));
  return labPath;
}

function made(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

let last: Promise<void> = Promise.resolve();

/**
 * Waits for all cases on this host that came before and share the lab's file; the function it gives
 * lets the next go on. Undefined where every role takes {state}.
 */
export function turnFor({ manifest }: Implementation): Promise<() => void> | undefined {
  if (Object.values(manifest.roles).every((spec) => takesState(spec as RoleSpec))) return undefined;
  const before = last;
  let next: () => void = () => {};
  last = new Promise((done) => next = done);
  return before.then(() => hostLock()).then((unlock) => () => void unlock().then(next, next));
}

/** Moves what is at a path away; the function it gives brings it back, in place of what came. */
function setAside(path: string): () => void {
  const aside = `${path}.before-steelyard-${process.pid}`;
  const was = isThere(path);
  if (was) renameSync(path, aside);
  return () => {
    rmSync(path, { force: true });
    if (was && isThere(aside)) renameSync(aside, path);
  };
}

/** A link to nowhere is there too. */
function isThere(path: string): boolean {
  return existsSync(path) || lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
