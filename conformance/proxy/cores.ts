/** Keeps two programs to two cores, so that they run at the same time. By taskset(1), of util-linux. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

export type Core = number;

let found: readonly [Core, Core] | null | undefined;

/** Two of the cores that the suite may use; null where there is one, or no taskset. */
export function twoCores(): readonly [Core, Core] | null {
  return found ??= findTwoCores();
}

function findTwoCores(): readonly [Core, Core] | null {
  if (spawnSync("taskset", ["--version"]).status !== 0) return null;
  const status = readFileSync("/proc/self/status", "utf8");
  const cores = parseCores(/^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? "");
  const [first, last] = [cores[0], cores.at(-1)];
  return first === undefined || last === undefined || first === last ? null : [first, last];
}

/** The numbers in a list of the kernel's, `0-3,8`. */
export function parseCores(list: string): Core[] {
  return list.split(",").filter(Boolean).flatMap((range) => {
    const [from = NaN, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

/** Keeps a running process to a core, and what it will start; nothing happens where it is gone. */
export function keepTo(core: Core, pid: number): void {
  spawnSync("taskset", ["-a", "-c", "-p", String(core), String(pid)]);
}

/** The arguments that start a program on a core; without one, as they are. */
export function keptTo(core: Core | undefined, argv: readonly string[]): string[] {
  return core === undefined ? [...argv] : ["taskset", "-c", String(core), ...argv];
}
