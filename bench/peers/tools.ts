/** The programs of others that are needed, with the package that has each, and their versions. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { executable } from "../../conformance/engine/package.ts";
import type { Runtime } from "../../src/net/mod.ts";
import type { Lifetime } from "../lifetime.ts";

/** Debian's package of each. */
const PACKAGES = {
  wrk: "wrk",
  nginx: "nginx-light",
  haproxy: "haproxy",
  curl: "curl",
  python3: "python3",
} as const;

/** Programs that say their version to another option than `-v`. */
const VERSION_OPTIONS: Readonly<Partial<Record<Tool, string>>> = { curl: "-V", python3: "-V" };

export type Tool = keyof typeof PACKAGES;

/** Tools that are not there. */
export class ToolsMissing extends Error {
  readonly code = "tools-missing";
}

/** Debian keeps servers where a user's PATH may not lead. */
process.env.PATH = [process.env.PATH, "/usr/sbin", "/usr/local/sbin"].join(delimiter);

export function requireTools(tools: readonly Tool[]): void {
  const missing = tools.filter((tool) => !onPath(tool));
  if (missing.length > 0) throw new ToolsMissing(`${missing.join(", ")} ${missingText(missing)}`);
}

/** What to do about tools that are not there. */
export function missingText(tools: readonly Tool[]): string {
  const packages = tools.map((tool) => PACKAGES[tool]).join(" ");
  return `not found on PATH; install with: apt-get install ${packages}`;
}

export function onPath(tool: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The first version number in what each program says of itself. */
export async function versions(
  life: Lifetime,
  tools: readonly Tool[],
  runtimes: readonly Runtime[],
): Promise<Record<string, string>> {
  // wrk ends with 1 after its version, and nginx writes it to standard error.
  const ask = async (command: string) => {
    const text = await life.run(["sh", "-c", `${command} 2>&1 || true`]);
    return /\d+\.\d+[\w.+~-]*/.exec(text)?.[0] ?? "unknown";
  };
  const found: Record<string, string> = {};
  for (const runtime of runtimes) found[runtime] = await ask(`'${executable(runtime)}' --version`);
  for (const tool of tools) found[tool] = await ask(`${tool} ${VERSION_OPTIONS[tool] ?? "-v"}`);
  return found;
}
