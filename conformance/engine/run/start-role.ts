/** Starts one role of a submission: a fresh copy, the files written into it, its command in its box. */
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import process from "node:process";
import { expandArguments, expandText } from "../manifest/mod.ts";
import type { RoleSpec, Values } from "../manifest/mod.ts";
import {
  copySubmission,
  removeStaleClocks,
  sandboxArguments,
  startProcess,
  warpArguments,
  writeFiles,
} from "../process/mod.ts";
import type { RunningProcess } from "../process/mod.ts";
import { CaseUnsupported } from "../verdict.ts";
import { filesBelow, isInside } from "./files.ts";

/** What a case asks of a start beside the values of placeholders. */
export interface StartOptions {
  /** The argument list of this name under `modes`, instead of `run`. */
  readonly mode?: string;
  /** A folder of programs that the role finds before the system's own. */
  readonly tools?: string;
  /** A file put where the program runs; {file} is its path. */
  readonly payload?: { readonly name: string; readonly bytes: Uint8Array };
}

export interface RoleStart extends StartOptions {
  readonly role: string;
  readonly spec: RoleSpec;
  readonly values: Values;
  /** Under libfaketime. */
  readonly warped: boolean;
  /** The submission's folder; undefined for programs of our own. */
  readonly submission: string | undefined;
  /** Where the copy goes. */
  readonly copy: string;
  /** The case's folder: all that a boxed program may write to. */
  readonly folder: string;
  readonly isolation: "bwrap" | "none" | undefined;
  /** Marks what the program starts. */
  readonly token: string;
}

export interface StartedRole {
  readonly running: RunningProcess;
  readonly cwd: string;
  /** The files that were there before the start. */
  readonly before: ReadonlySet<string>;
}

export async function startRole(start: RoleStart): Promise<StartedRole> {
  const { role, spec, copy } = start;
  if (start.submission === undefined) mkdirSync(copy, { recursive: true });
  else await copySubmission(start.submission, copy);
  const cwd = spec.cwd === undefined ? copy : join(copy, spec.cwd);
  const values = { ...start.values };
  if (start.payload) {
    values.file = join(cwd, start.payload.name);
    writeFileSync(values.file, start.payload.bytes);
  }
  await writeRoleFiles(copy, spec, values, role);
  fillRoot(copy, spec, values);
  let argv = expandArguments(commandOf(start), values, role);
  if (start.warped) {
    removeStaleClocks();
    argv = warpArguments(argv);
  }
  if (start.isolation === "bwrap") argv = sandboxArguments(argv, start.folder);
  const env: Record<string, string> = {};
  if (start.tools) env.PATH = `${start.tools}${delimiter}${process.env.PATH ?? ""}`;
  for (const [name, value] of Object.entries(spec.env ?? {})) {
    env[name] = expandText(value, values, role);
  }
  makeRoom(cwd, spec, values, role);
  const before = new Set(filesBelow(cwd));
  const running = await startProcess({ argv, cwd, env, token: start.token });
  return { running, cwd, before };
}

/** Throws a CaseUnsupported where the manifest has no such mode. */
export function commandOf({ spec, mode, role }: Pick<RoleStart, "spec" | "mode" | "role">) {
  if (mode === undefined) return spec.run;
  const command = spec.modes?.[mode];
  if (command) return command;
  throw new CaseUnsupported(
    `the manifest has no mode ${mode} of the ${role}: ` +
      `give its command as "modes": {"${mode}": [...]}`,
  );
}

/**
 * A file of the submission's own under the name that is to be saved would hide whether it was.
 * What the command itself names stays.
 */
function makeRoom(cwd: string, spec: RoleSpec, values: Values, role: string): void {
  const names = [values.basename, spec.saves && expandText(spec.saves, values, role)];
  for (const name of names) {
    if (typeof name !== "string" || name === "" || spec.run.includes(name)) continue;
    const path = join(cwd, name);
    if (isInside(cwd, path)) rmSync(path, { recursive: true, force: true });
  }
}

/** Serves from a folder of its own: the fixtures are put there, and beside it what must not be. */
function fillRoot(copy: string, spec: RoleSpec, values: Values): void {
  if (spec.root === undefined || typeof values.root !== "string") return;
  const own = join(copy, spec.root);
  cpSync(values.root, own, { recursive: true, force: true, verbatimSymlinks: true });
  const secret = join(dirname(values.root), "secret.txt");
  if (existsSync(secret)) cpSync(secret, join(dirname(own), "secret.txt"));
}

/** Into the copy, or below {root} where the path begins there. */
async function writeRoleFiles(
  copy: string,
  spec: RoleSpec,
  values: Values,
  role: string,
): Promise<void> {
  const root = typeof values.root === "string" ? resolve(values.root) : undefined;
  for (const [path, template] of Object.entries(spec.files ?? {})) {
    if (path.startsWith("{root}/")) {
      if (!root) continue;
      const below = path.slice("{root}/".length);
      await writeFiles(root, { [below]: expandText(template, values, role) });
      continue;
    }
    await writeFiles(copy, {
      [expandText(path, values, role)]: expandText(template, values, role),
    });
  }
}
