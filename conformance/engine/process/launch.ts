/**
 * Finds the program to run before it is run.
 *
 * Runtimes differ in how they look up a program and in what they say when there is none, so the
 * lookup of execvp(3) is done here: a name with a slash is relative to the working folder, any
 * other is looked for in PATH.
 */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { LaunchError } from "./errors.ts";

/** The absolute path of a program. Throws `LaunchError`. */
export function findProgram(name: string, cwd: string, path: string): string {
  if (name === "" || name.includes("\0")) {
    throw new LaunchError("failed", `cannot run ${quote(name)}: give the name of a program`);
  }
  if (!isFolder(cwd)) {
    throw new LaunchError(
      "not-found",
      `cannot run ${quote(name)}: its folder ${quote(cwd)} is missing`,
    );
  }
  if (name.includes("/")) return checked(name, resolve(cwd, name));
  const folders = path.split(delimiter);
  const candidates = folders.map((folder) => resolve(cwd, folder, name));
  const found = candidates.find((candidate) => refusal(candidate) === null);
  if (found !== undefined) return found;
  const blocked = candidates.find((candidate) => refusal(candidate) === "not-executable");
  if (blocked !== undefined) return checked(name, blocked);
  throw new LaunchError(
    "not-found",
    `cannot run ${
      quote(name)
    }: it is not in PATH. Install it, or correct "run"; a program of the submission's own is ` +
      `written ${quote(`./${name}`)}`,
  );
}

function checked(name: string, file: string): string {
  switch (refusal(file)) {
    case "not-found":
      throw new LaunchError(
        "not-found",
        `cannot run ${quote(name)}: there is no file ${quote(file)}. Correct "run" or "cwd"`,
      );
    case "not-executable":
      throw new LaunchError(
        "not-executable",
        `cannot run ${quote(name)}: ${
          quote(file)
        } is not an executable file. Run chmod +x on it, or name its ` +
          'interpreter first, as in ["python3", "server.py"]',
      );
    default:
      return file;
  }
}

function refusal(file: string): "not-found" | "not-executable" | null {
  try {
    // Node's access(2) says yes to root for folders too.
    if (!statSync(file).isFile()) return "not-executable";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES" ? "not-executable" : "not-found";
  }
  try {
    accessSync(file, constants.X_OK);
    return null;
  } catch {
    return "not-executable";
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A name from outside, safe to print. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
