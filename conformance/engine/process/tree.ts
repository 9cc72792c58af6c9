/**
 * All processes that belong to a program under test, and the end of them.
 *
 * A process belongs when it descends from the root, is in its process group or session, or carries
 * the mark in its environment: a daemon that forked twice and called setsid(2) has lost every tie
 * but the mark.
 */
import { CASE_VARIABLE } from "./environment.ts";
import { ProcessError } from "./errors.ts";
import {
  commandOf,
  type ProcessEntry,
  readProc,
  readProcesses,
  readProcessesSince,
} from "./proc.ts";

/**
 * How long killed processes get to be gone. SIGKILL takes milliseconds unless one hangs in the
 * kernel.
 */
const KILL_BOUND_MS = 3000;
const KILL_PAUSE_MS = 5;

/**
 * Pids of the live processes of a program.
 *
 * @param rootPid the process that was started; it may be gone
 * @param token the case's token, or the narrower mark of one process of it (`RunningProcess.mark`)
 * @param rootStartTicks when the root was started, if known: keeps a later process with the root's
 * pid out
 */
export function processTree(rootPid: number, token: string, rootStartTicks?: number): number[] {
  return members(readProcessesSince(rootPid), token, rootPid, rootStartTicks).map(({ pid }) => pid);
}

/** Pids of the live processes that carry a token, and of their children. */
export function processesWithToken(token: string): number[] {
  return members(readProcesses(), token).map(({ pid }) => pid);
}

/** SIGKILL to a whole tree until none is left. Throws `ProcessError` "survived", naming what is. */
export function killTree(rootPid: number, token: string, rootStartTicks?: number): Promise<void> {
  return killUntilGone(
    () => readProcessesSince(rootPid),
    (all) => members(all, token, rootPid, rootStartTicks),
  );
}

/**
 * SIGKILL to whatever still carries a case's token: the end of a case. Throws as `killTree` does.
 */
export function killByToken(token: string): Promise<void> {
  return killUntilGone(readProcesses, (all) => members(all, token));
}

/** One round of SIGKILL, at once: for a suite that is itself about to exit. */
export function killTreeNow(rootPid: number, token: string, rootStartTicks?: number): void {
  const all = readProcessesSince(rootPid);
  kill(members(all, token, rootPid, rootStartTicks), all);
}

function members(
  all: readonly ProcessEntry[],
  token: string,
  rootPid?: number,
  rootStartTicks = 0,
): ProcessEntry[] {
  const root = all.find(({ pid }) => pid === rootPid);
  const reused = root !== undefined && rootStartTicks > 0 && root.startTicks !== rootStartTicks;
  const isTied = (entry: ProcessEntry) =>
    rootPid !== undefined && !reused &&
    (entry.pid === rootPid || entry.group === rootPid || entry.session === rootPid);
  const found = new Set<number>();
  for (const entry of all) {
    // Whatever is older than the root is not of its making, so its environment need not be read.
    if (entry.pid === process.pid || entry.pid === 1 || entry.startTicks < rootStartTicks) continue;
    if (isTied(entry) || carries(entry.pid, token)) found.add(entry.pid);
  }
  let before = -1;
  while (before !== found.size) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid));
}

/**
 * Whether a process has the token in its environment; `TOKEN#3` is a mark of one process of the
 * case `TOKEN`.
 */
function carries(pid: number, token: string): boolean {
  const environment = readProc(`${pid}/environ`);
  if (environment === null) return false;
  const wanted = `\0${CASE_VARIABLE}=${latin1(token)}`;
  const at = `\0${environment}`.indexOf(wanted);
  if (at < 0) return false;
  const next = environment[at + wanted.length - 1];
  return next === undefined || next === "\0" || next === "#";
}

/** The token's UTF-8 bytes, each as one character, as environments are read. */
function latin1(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/**
 * Repeats, since a process may fork between the look and the kill; and looks once more when none is
 * left, since the environment of a process reads as empty during execve(2).
 */
async function killUntilGone(
  read: () => ProcessEntry[],
  find: (all: readonly ProcessEntry[]) => ProcessEntry[],
): Promise<void> {
  const deadline = performance.now() + KILL_BOUND_MS;
  for (let emptyLooks = 0; emptyLooks < 2;) {
    const all = read();
    const left = find(all);
    emptyLooks = left.length === 0 ? emptyLooks + 1 : 0;
    if (left.length > 0 && performance.now() > deadline) {
      const names = left.map(({ pid }) => commandOf(pid)).join(", ");
      throw new ProcessError(
        "survived",
        `${left.length} processes are alive ${KILL_BOUND_MS} ms after SIGKILL: ${names}. End them by hand; they may ` +
          "belong to another user or hang in the kernel.",
      );
    }
    kill(left, all);
    if (emptyLooks < 2) await new Promise((done) => setTimeout(done, KILL_PAUSE_MS));
  }
}

/**
 * A group is killed as one where it is all ours: within one group no fork can outrun the signal.
 */
function kill(ours: readonly ProcessEntry[], all: readonly ProcessEntry[]): void {
  const pids = new Set(ours.map(({ pid }) => pid));
  const foreign = new Set(all.filter(({ pid }) => !pids.has(pid)).map(({ group }) => group));
  const groups = new Set(ours.map(({ group }) => group));
  for (const group of groups) if (group > 1 && !foreign.has(group)) signalQuietly(-group);
  for (const pid of pids) signalQuietly(pid);
}

function signalQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone, or not ours: the next look tells.
  }
}
