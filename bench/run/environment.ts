/** The machine and the programs that a result was measured with. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { executable, packageRoot, packageVersion } from "../../conformance/engine/package.ts";
import { runtime, runtimeVersion } from "../../src/net/mod.ts";
import type { Runtime } from "../../src/net/mod.ts";
import type { EnvironmentResult } from "../results.ts";

/** What holds before the measurement; `loadAfter` is that of this moment. */
export function environment(measured: readonly string[]): EnvironmentResult {
  const processors = cpus();
  const load = loadavg();
  return {
    cpu: processors[0]?.model.trim() || "unknown",
    cores: processors.length,
    governor: readLine("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
    kernel: `${type()} ${release()}`,
    memoryBytes: totalmem(),
    loadBefore: load,
    loadAfter: load,
    versions: Object.fromEntries(measured.map((name) => [name, versionOf(name)])),
    runner: `${runtime} ${runtimeVersion}`,
    revision: revision(),
    version: packageVersion,
  };
}

/** How each program is asked; nginx and python2 write it to standard error. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  nginx: ["nginx", "-v"],
  haproxy: ["haproxy", "-v"],
  python3: ["python3", "-V"],
};

function versionOf(name: string): string {
  if (name === runtime) return runtimeVersion;
  const [program = "", ...args] = ASKED[name] ?? [executable(name as Runtime), "--version"];
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8", timeout: 10_000 });
  return /\d+\.\d+[\w.+~-]*/.exec(`${stdout}${stderr}`)?.[0] ?? "unknown";
}

/** Undefined where this copy of the project is in no repository of its own. */
function revision(): string | null {
  const git = (...args: string[]) => {
    const asked = spawnSync("git", ["-C", packageRoot, ...args], { encoding: "utf8" });
    return asked.status === 0 ? asked.stdout.trim() : undefined;
  };
  if (git("rev-parse", "--show-prefix") !== "") return null;
  const head = git("rev-parse", "HEAD");
  if (!head) return null;
  return git("status", "--porcelain", "--untracked-files=no") ? `${head}-dirty` : head;
}

function readLine(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}
