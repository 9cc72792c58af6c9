/** How busy other processes are, as Linux tells it in /proc. */
import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second of /proc's times, the same on every Linux of today. */
const TICKS_PER_SECOND = 100;

/**
 * Ends the watching. Of the milliseconds in which there was work to do, a share of a core, 0 to 1;
 * undefined where that is not to be read, or there were none.
 */
export type ShareOf = (workMs: number) => number | undefined;

/** Watches these processes and their children: the busiest thread, its waiting for a core included. */
export function processBusy(pids: readonly number[]): ShareOf {
  const before = threadTimes(pids);
  return (workMs) => {
    const after = threadTimes(pids);
    if (after.size === 0) return undefined;
    // A thread that began since then has spent all of its time since then.
    return share(Array.from(after, ([thread, ms]) => ms - (before.get(thread) ?? 0)), workMs);
  };
}

/** Watches all threads of each process together, those too that have ended: the busiest process. */
export function processorBusy(pids: readonly number[]): ShareOf {
  const before = pids.map(processorMs);
  return (workMs) =>
    share(pids.map((pid, i) => (processorMs(pid) ?? NaN) - (before[i] ?? NaN)), workMs);
}

function share(spentMs: readonly number[], workMs: number): number | undefined {
  const most = Math.max(...spentMs) / workMs;
  return workMs > 0 && most >= 0 ? Math.min(1, most) : undefined;
}

/** Milliseconds of processor time that a process has used, to 10 ms; undefined where it is gone. */
export function processorMs(pid: number): number | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // Behind the name in parentheses, which may hold anything, the third field comes first.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 1000 / TICKS_PER_SECOND;
}

/** Milliseconds that each thread ran or waited for a core, by its number. */
function threadTimes(pids: readonly number[]): Map<string, number> {
  const times = new Map<string, number>();
  const left = [...pids.map(String)];
  for (let pid = left.pop(); pid !== undefined; pid = left.pop()) {
    for (const thread of list(`/proc/${pid}/task`)) {
      const parts = read(`/proc/${pid}/task/${thread}/schedstat`)?.split(" ").map(Number);
      const [ran = NaN, waited = NaN] = parts ?? [];
      if (ran + waited >= 0) times.set(thread, (ran + waited) / 1e6);
      const children = read(`/proc/${pid}/task/${thread}/children`) ?? "";
      left.push(...children.split(" ").filter((child) => child !== ""));
    }
  }
  return times;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return undefined;
  }
}
