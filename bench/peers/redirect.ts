/**
 * The redirect reference against nginx and HAProxy on this machine: the balancer's 301 under wrk,
 * and a large file from the server to several curls. Rounds are interleaved and each runtime is
 * compared within them, because on a shared machine ratios last and rates do not.
 */
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import process from "node:process";
import { measureFile } from "./measure-file.ts";
import { measureRedirect } from "./measure-redirect.ts";
import { Lifetime } from "../lifetime.ts";
import { OptionError, readOptions, USAGE } from "./options.ts";
import type { Options } from "./options.ts";
import { requireTools, ToolsMissing, versions } from "./tools.ts";
import type { Tool } from "./tools.ts";

async function main(options: Options): Promise<void> {
  const tools: Tool[] = ["nginx"];
  if (options.parts.includes("301")) tools.push("wrk", "haproxy");
  if (options.parts.includes("file")) tools.push("curl");
  requireTools(tools);
  const life = new Lifetime();
  try {
    const command = `bun bench/peers/redirect.ts ${process.argv.slice(2).join(" ")}`.trim();
    const found = await versions(life, tools, options.runtimes);
    const processors = cpus();
    const cpu = `${processors.length} x ${processors[0]?.model ?? "unknown"}`;
    const before = loadavg();
    console.log(`$ ${command}`);
    console.log(Object.entries(found).map(([name, version]) => `${name} ${version}`).join(", "));
    console.log(`${cpu}; load average before: ${loads(before)}`);
    const parts: Record<string, unknown> = {};
    if (options.parts.includes("301")) parts["301"] = await measureRedirect(life, options);
    if (options.parts.includes("file")) parts["file"] = await measureFile(life, options);
    const after = loadavg();
    console.log(`\nload average after: ${loads(after)}`);
    if (options.json !== undefined) {
      const load = { before, after };
      const all = { schema: "steelyard/peers/1", command, versions: found, cpu, load, ...parts };
      writeFileSync(options.json, JSON.stringify(all, null, 2) + "\n");
    }
  } finally {
    life.end();
  }
}

function loads(averages: readonly number[]): string {
  return averages.map((average) => average.toFixed(2)).join(" ");
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") console.log(USAGE);
  else await main(options);
  process.exit(0);
} catch (error) {
  console.error(`redirect: ${(error as Error).message}`);
  process.exit(error instanceof ToolsMissing ? 3 : error instanceof OptionError ? 2 : 1);
}
