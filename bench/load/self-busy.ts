/** How much of a core this process has used or waited for. */
import { readFileSync } from "node:fs";
import process from "node:process";

/** Milliseconds that the main thread ran or waited for a core, where the system tells; else that all threads ran. */
export function busyMs(): number {
  try {
    const [ran = NaN, waited = NaN] = readFileSync("/proc/self/schedstat", "latin1").split(" ")
      .map(Number);
    if (ran + waited >= 0) return (ran + waited) / 1e6;
  } catch {
    // Not Linux, or one that does not tell.
  }
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
