/**
 * Reads the kernel's process table. Source: proc(5).
 *
 * Any process may vanish between two reads, and others' are closed to us: both read as absent,
 * never as an error.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

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
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((entry) => entry !== null);
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
