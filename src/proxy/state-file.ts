/**
 * The state file through which a selector steers the proxy: one address in a file. The lab's scripts
 * rewrite it in place, so that whoever reads it may find it empty or half written.
 */
import { Buffer } from "node:buffer";
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { stateAddress } from "./state-address.ts";

/** An address is not longer, whatever else the file holds. */
const MOST_BYTES = 1024;

/** What is wrong with a state file. */
export type StateProblem = "missing" | "empty" | "garbage" | "no-file" | "unreadable";

export type StateRead =
  | {
    readonly address: string;
    /** Its line has ended: nothing of it is still to be written. */
    readonly ended: boolean;
    /** When the file was last changed, in milliseconds since 1970. */
    readonly changedMs: number;
    readonly problem?: never;
  }
  | { readonly address?: never; readonly problem: StateProblem; readonly detail: string };

/** A state file that cannot be written; the message says what to do. */
export class StateFileError extends Error {
  override readonly name = "StateFileError";
  /** The system's own, as `ENOENT`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The address in the first line that is not empty. Never throws, never waits for a writer. */
export function readState(path: string): StateRead {
  let descriptor: number | undefined;
  try {
    // Opened without waiting: a FIFO would hold up the whole proxy.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(descriptor);
    if (!status.isFile()) return { problem: "no-file", detail: "it is not a regular file" };
    const bytes = Buffer.alloc(MOST_BYTES);
    const length = readSync(descriptor, bytes, 0, MOST_BYTES, 0);
    return parseState(bytes.toString("latin1", 0, length), status.mtimeMs);
  } catch (error) {
    const code = codeOf(error);
    const missing = code === "ENOENT" || code === "ENOTDIR";
    return { problem: missing ? "missing" : "unreadable", detail: code };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function parseState(text: string, changedMs: number): StateRead {
  const [matched, line = "", end] = /^\s*([^\r\n]+)(\r?\n)?/.exec(text) ?? [];
  if (matched === undefined || line.trim() === "") {
    return { problem: "empty", detail: "no address" };
  }
  const address = stateAddress(line);
  if (address !== undefined) return { address, ended: end !== undefined, changedMs };
  return { problem: "garbage", detail: `${JSON.stringify(line.slice(0, 80))} is not HOST[:PORT]` };
}

let written = 0;

/**
 * Replaces the file's content by this address, in one step: a reader finds the old address or the new
 * one, whole.
 *
 * @throws {StateFileError}
 */
export function writeState(path: string, address: string): void {
  const name = `.${basename(path)}.${process.pid}.${written++}.tmp`;
  const temporary = join(dirname(path), name);
  try {
    writeFileSync(temporary, `${address}\n`, { flag: "wx" });
    renameSync(temporary, path);
  } catch (error) {
    const code = codeOf(error);
    // Another's file of that name is not ours to remove.
    if (code !== "EEXIST") removed(temporary);
    const what = ADVICE[code] ?? (error as Error).message;
    throw new StateFileError(code, `cannot write ${JSON.stringify(path)}: ${code}: ${what}`);
  }
}

/** Where it cannot be removed either, the first error is the one to tell. */
function removed(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Its folder is none, say.
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist; make it or give another --state",
  ENOTDIR: "its folder is a file; give another --state",
  EISDIR: "it is a folder; give a file's path with --state",
  EACCES: "not permitted; make its folder writable or give another --state",
  EPERM: "not permitted, another user's file perhaps; remove it or give another --state",
  EROFS: "the file system is read-only; give another --state",
  ENOSPC: "the disk is full; make room or give another --state",
  EDQUOT: "the disk quota is used up; make room or give another --state",
  EEXIST: "a temporary file of another program is in the way; remove it or give another --state",
};

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? "UNKNOWN");
}
