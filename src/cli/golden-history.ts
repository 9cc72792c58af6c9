/** When and why a golden was changed, as the package's own git checkout tells. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../conformance/engine/package.ts";

const GIT_MS = 5000;

/**
 * `2026-01-31 Subject` of each commit, the newest first; none where the package is no checkout of
 * its own (installed below somebody else's it must not tell theirs), or where git cannot be run.
 */
export function historyOf(path: string, root = packageRoot): string[] {
  if (!existsSync(join(root, ".git"))) return [];
  try {
    const log = execFileSync("git", ["-C", root, "log", "--format=%as %s", "--", path], {
      encoding: "utf8",
      timeout: GIT_MS,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return log.split("\n").filter((line) => line !== "");
  } catch {
    return [];
  }
}
