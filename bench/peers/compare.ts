/**
 * What the programs of this folder share: a reference against nginx and HAProxy on this machine.
 * Rounds are interleaved and each runtime is compared within them, because on a shared machine ratios
 * last and rates do not.
 */
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import process from "node:process";
import { Lifetime } from "../lifetime.ts";
import { OptionError } from "../options.ts";
import { readOptions, usage } from "./options.ts";
import type { Options } from "./options.ts";
import { requireTools, ToolsMissing, versions } from "./tools.ts";
import type { Tool } from "./tools.ts";

/** One thing that is measured. */
export interface Part {
  readonly what: string;
  /** Programs of others that it needs. */
  readonly tools: readonly Tool[];
  /** Prints its figures and returns them for the JSON. */
  measure(life: Lifetime, options: Options): Promise<unknown>;
}

/** Runs a program of this folder and ends the process: 0, 1 failed, 2 wrong usage, 3 a tool is missing. */
export async function compareWithPeers(
  name: string,
  parts: Readonly<Record<string, Part>>,
): Promise<never> {
  const told = Object.fromEntries(Object.entries(parts).map(([part, { what }]) => [part, what]));
  const program = { name, parts: told };
  try {
    const options = readOptions(process.argv.slice(2), program);
    if (options === "help") console.log(usage(program));
    else await measureAll(name, parts, options);
    process.exit(0);
  } catch (error) {
    console.error(`${name}: ${(error as Error).message}`);
    process.exit(error instanceof ToolsMissing ? 3 : error instanceof OptionError ? 2 : 1);
  }
}

async function measureAll(
  name: string,
  parts: Readonly<Record<string, Part>>,
  options: Options,
): Promise<void> {
  const chosen = options.parts.map((part) => [part, parts[part] as Part] as const);
  const tools = [...new Set(chosen.flatMap(([, part]) => part.tools))];
  requireTools(tools);
  const life = new Lifetime();
  try {
    const command = `bun bench/peers/${name}.ts ${process.argv.slice(2).join(" ")}`.trim();
    const found = await versions(life, tools, options.runtimes);
    const processors = cpus();
    const cpu = `${processors.length} x ${processors[0]?.model ?? "unknown"}`;
    const before = loadavg();
    console.log(`$ ${command}`);
    console.log(Object.entries(found).map(([tool, version]) => `${tool} ${version}`).join(", "));
    console.log(`${cpu}; load average before: ${loads(before)}`);
    const figures: Record<string, unknown> = {};
    for (const [part, { measure }] of chosen) figures[part] = await measure(life, options);
    const after = loadavg();
    console.log(`\nload average after: ${loads(after)}`);
    if (options.json === undefined) return;
    const load = { before, after };
    const all = { schema: "steelyard/peers/1", command, versions: found, cpu, load, ...figures };
    writeFileSync(options.json, JSON.stringify(all, null, 2) + "\n");
  } finally {
    life.end();
  }
}

function loads(averages: readonly number[]): string {
  return averages.map((average) => average.toFixed(2)).join(" ");
}
