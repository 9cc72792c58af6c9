/** A process's memory as Linux tells it. */
import { readFileSync, writeFileSync } from "node:fs";

export interface Memory {
  /** Resident now, in bytes. */
  readonly rssBytes: number;
  /** The most that was resident since the start or the last `resetPeak`. */
  readonly peakBytes: number;
}

/** Reads VmRSS and VmHWM from the text of /proc/PID/status. */
export function parseStatus(status: string): Memory {
  const bytes = (name: string) => {
    const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status);
    if (!match) throw new RangeError(`no ${name} in ${JSON.stringify(status.slice(0, 200))}`);
    return Number(match[1]) * 1024;
  };
  return { rssBytes: bytes("VmRSS"), peakBytes: bytes("VmHWM") };
}

export function memoryOf(pid: number): Memory {
  return parseStatus(readFileSync(`/proc/${pid}/status`, "latin1"));
}

/** Lets the peak begin at what is resident now: proc(5), clear_refs. */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
