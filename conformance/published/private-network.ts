/** A network and a /tmp that only the scripts of the lab and the suite see. */
import { spawnSync } from "node:child_process";
import { isAbsolute, join, resolve } from "node:path";
import { packageRoot } from "../engine/package.ts";
import { findProgram } from "../engine/process/launch.ts";

/** This machine lacks something: exit code 3. */
export class Missing extends Error {
  readonly code = "missing";
}

const NAMESPACES = ["--net", "--mount"];

/** As root of the machine, or as root of a user namespace only. */
const WAYS = [NAMESPACES, ["--user", "--map-root-user", ...NAMESPACES]];

/** Where Debian keeps `ip`, which the PATH of an ordinary user leaves out. */
export const SEARCH_PATH = `${process.env.PATH ?? "/usr/bin:/bin"}:/usr/sbin:/sbin`;

const PACKAGES = { unshare: "util-linux", mount: "mount", ip: "iproute2", bash: "bash" };

/**
 * The command that runs another in namespaces of its own, with {@linkcode SEARCH_PATH} as its PATH.
 *
 * @param folder Empty, and the caller's; its parent stays visible inside.
 * @throws {Missing} where there are no such namespaces, or a program is not installed.
 */
export function privateNetworkCommand(folder: string, command: readonly string[]): string[] {
  for (const [program, name] of Object.entries(PACKAGES)) {
    if (!isInstalled(program)) {
      throw new Missing(`${program} is not installed (Debian: apt-get install ${name})`);
    }
  }
  const script = join(packageRoot, "conformance", "published", "lab-network.sh");
  return ["unshare", ...workingWay(), "--", "bash", script, folder, packageRoot, ...command];
}

function workingWay(): readonly string[] {
  const problems: string[] = [];
  for (const way of WAYS) {
    const tried = spawnSync("unshare", [...way, "--", "ip", "link", "set", "lo", "up"], {
      encoding: "utf8",
      env: { ...process.env, PATH: SEARCH_PATH },
    });
    if (tried.status === 0) return way;
    problems.push(`unshare ${way.join(" ")}: ${tried.stderr.trim() || tried.error?.message}`);
  }
  throw new Missing(
    "the scripts need a network namespace of their own, which this kernel gives neither to this user " +
      `nor to a user namespace; run it as root, or where user namespaces are allowed.\n  ${
        problems.join("\n  ")
      }`,
  );
}

function isInstalled(program: string): boolean {
  try {
    findProgram(program, "/", SEARCH_PATH);
    return true;
  } catch {
    return false;
  }
}

/** The path by which a command inside writes a file of this user's. */
export function outsidePath(path: string): string {
  const full = isAbsolute(path) ? resolve(path) : resolve(process.cwd(), path);
  const isKept = full === packageRoot || full.startsWith(`${packageRoot}/`);
  return full.startsWith("/tmp/") && !isKept ? `/tmp/outside${full.slice("/tmp".length)}` : full;
}
