/**
 * Reads the kernel's process table. Source: proc(5).
 *
 * Any process may vanish between two reads, and others' are closed to us: both read as absent,
 * never as an error.
 */
import { Buffer } from "node:buffer";
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from "node:fs";

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /**
   * When it was forked, in clock ticks since boot: together with the pid it names a process for
   * ever.
   */
  readonly startTicks: number;
}

/** A file of /proc, or null when the process is gone or not ours to look at. */
export function readProc(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, "latin1");
  } catch {
    return null;
  }
}

/** A live process; null when there is none, or only a zombie that waits for its parent to look. */
export function readProcess(pid: number): ProcessEntry | null {
  const stat = readProc(`${pid}/stat`);
  if (stat === null) return null;
  // The second field is a file name in parentheses, and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const number = (index: number) => Number(fields[index]);
  // A leader that ended before its threads is a zombie too, but its threads go on.
  const threads = number(17);
  if (fields[0] === "X" || (fields[0] === "Z" && threads <= 1)) return null;
  return {
    pid,
    parent: number(1),
    group: number(2),
    session: number(3),
    startTicks: number(19),
  };
}

export function readProcesses(): ProcessEntry[] {
  return entriesOf(pids());
}

/**
 * The live processes that may have been made by one or since it: pids are given in rising order, so
 * a look at hundreds of older ones is saved until the numbers have gone round.
 */
export function readProcessesSince(pid: number): ProcessEntry[] {
  const last = Number(readProc("loadavg")?.trim().split(" ").at(-1));
  return entriesOf(last >= pid ? pids().filter((other) => other >= pid) : pids());
}

function pids(): number[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
}

function entriesOf(all: readonly number[]): ProcessEntry[] {
  return all.map(readProcess).filter((entry) => entry !== null);
}

/**
 * The lines of a table of TCP sockets that are listening. The kernel lists those first, and after
 * them perhaps thousands that are connected or closing, which are not read.
 */
export function listeningLines(table: string): string[] {
  let descriptor: number;
  try {
    descriptor = openSync(`/proc/net/${table}`, "r");
  } catch {
    return [];
  }
  try {
    let text = "";
    const piece = Buffer.alloc(32 * 1024);
    for (;;) {
      const count = readSync(descriptor, piece, 0, piece.length, null);
      text += piece.toString("latin1", 0, count);
      const lines = text.split("\n");
      const others = lines.slice(1, -1).findIndex((line) => !/^\s*\d+: \S+ \S+ 0A /.test(line));
      if (others >= 0) return lines.slice(1, others + 1);
      if (count === 0) return lines.slice(1);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The inodes of the sockets that a process holds open. */
export function socketInodes(pid: number): number[] {
  const inodes: number[] = [];
  let descriptors: string[];
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return inodes;
  }
  for (const descriptor of descriptors) {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1];
      if (inode !== undefined) inodes.push(Number(inode));
    } catch {
      // Closed since the folder was read.
    }
  }
  return inodes;
}

/** The command line of a process for a message; its pid when that cannot be read. */
export function commandOf(pid: number): string {
  const command = readProc(`${pid}/cmdline`)?.split("\0").join(" ").trim();
  return command ? `${pid} (${command.slice(0, 80)})` : String(pid);
}
