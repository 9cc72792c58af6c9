/**
 * A box around a submission by bubblewrap: it sees the system read-only, a /tmp of its case's own, its
 * case's folder to write in, no process but its own, and dies with the suite. The network is shared,
 * since the stand-ins are outside.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The folder that the programs of a case see as /tmp. */
export function boxedTmp(folder: string): string {
  return join(folder, "tmp");
}

/**
 * The arguments that put a command into the box; `folder` is the only place that it may change, and
 * in it lies what it sees as /tmp.
 */
export function sandboxArguments(argv: readonly string[], folder: string): string[] {
  const tmp = boxedTmp(folder);
  mkdirSync(tmp, { recursive: true });
  return [
    "bwrap",
    "--ro-bind",
    "/",
    "/",
    "--dev",
    "/dev",
    "--proc",
    "/proc",
    "--bind",
    tmp,
    "/tmp",
    "--bind",
    folder,
    folder,
    "--unshare-pid",
    "--unshare-ipc",
    "--die-with-parent",
    "--",
    ...argv,
  ];
}

/** Undefined where bubblewrap works here, else what it said. */
export function sandboxProblem(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-box-"));
  try {
    const [program, ...args] = sandboxArguments(["true"], folder) as [string, ...string[]];
    const tried = spawnSync(program, args, { encoding: "utf8" });
    if (tried.error) return "bwrap is not installed (Debian: apt-get install bubblewrap)";
    return tried.status === 0 ? undefined : tried.stderr.trim() || `exit code ${tried.status}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
