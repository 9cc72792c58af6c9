/**
 * Paths of a manifest stay inside the copy of the submission that a process runs in.
 */
import { show } from "./manifest-error.ts";

/**
 * Why a path leaves the copy, or undefined when it stays. It is judged as text: links are the copy's matter.
 * Backslashes are refused, since they separate folders for some programs and not for others.
 */
export function outsideProblem(path: string): string | undefined {
  const advice = "give a path inside the submission's folder, such as data/config.txt";
  if (path === "") return `must not be empty; ${advice}`;
  if (path.includes("\0")) return `${show(path)} holds a NUL; ${advice}`;
  if (path.includes("\\")) return `${show(path)} holds a backslash; separate folders with /`;
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) {
    return `${show(path)} is absolute; ${advice}`;
  }
  if (path.split("/").includes("..")) return `${show(path)} leaves the copy by ".."; ${advice}`;
  return undefined;
}
