/**
 * Runs a program's clock faster, with libfaketime: a wait of 300 s takes 5 s. See DESIGN, "Time".
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cwd, env } from "node:process";
import { findProgram } from "./launch.ts";

export const WARP_FACTOR = 60;

/** The path of `faketime`, or null where it is not installed (Debian package `faketime`). */
export function warpAvailable(): Promise<string | null> {
  try {
    return Promise.resolve(findProgram("faketime", cwd(), env.PATH ?? ""));
  } catch {
    return Promise.resolve(null);
  }
}

/** The arguments that run a program `factor` times as fast. */
export function warpArguments(argv: readonly string[], factor = WARP_FACTOR): string[] {
  return ["faketime", "-f", `+0 x${factor}`, ...argv];
}

const SHARED_MEMORY = "/dev/shm";

/**
 * Removes what a killed `faketime` leaves behind under its pid: a later one that is given the same pid
 * would end at once with "sem_open: File exists".
 */
export function removeStaleClocks(folder: string = SHARED_MEMORY): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names) {
    const pid = /^(?:sem\.)?faketime_(?:shm|sem)_(\d+)$/.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    try {
      rmSync(join(folder, name), { force: true });
    } catch {
      // Another user's.
    }
  }
}
