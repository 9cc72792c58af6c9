/**
 * Runs a program's clock faster, with libfaketime: a wait of 300 s takes 5 s. See DESIGN, "Time".
 */
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
