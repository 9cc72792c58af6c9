/**
 * A box around a submission by bubblewrap: it sees the system read-only, a /tmp of its own, its case's
 * folder to write in, no process but its own, and dies with the suite. The network is shared, since
 * the stand-ins are outside.
 */
import { spawnSync } from "node:child_process";

/** The arguments that put a command into the box; `folder` is the only place that it may change. */
export function sandboxArguments(argv: readonly string[], folder: string): string[] {
  return [
    "bwrap",
    "--ro-bind",
    "/",
    "/",
    "--dev",
    "/dev",
    "--proc",
    "/proc",
    "--tmpfs",
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
  const tried = spawnSync("bwrap", sandboxArguments(["true"], "/var/tmp").slice(1), {
    encoding: "utf8",
  });
  if (tried.error) return "bwrap is not installed (Debian: apt-get install bubblewrap)";
  return tried.status === 0 ? undefined : tried.stderr.trim() || `exit code ${tried.status}`;
}
