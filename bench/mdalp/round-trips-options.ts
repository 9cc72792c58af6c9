/** The options of the round-trip measurement. */
import type { Runtime } from "../../src/net/mod.ts";
import { OptionError, parseOptions, whole } from "../options.ts";

export interface RoundTripsOptions {
  readonly rounds: number;
  /** How long one pair of programs is measured in a round. */
  readonly seconds: number;
  readonly runtimes: readonly Runtime[];
  /** Both programs of a pair on one core, where waking costs least and computing counts most. */
  readonly oneCore: boolean;
  /** The payload of the whole transfers; 0 leaves them out. */
  readonly bytes: number;
}

export const USAGE =
  `Usage: bun bench/mdalp/round-trips.ts [options]   (or with node, or deno run -A)
  --rounds <number>     interleaved rounds, 1..1000 (default: 10)
  --seconds <number>    whole seconds of each pair in a round, 1..20 (default: 1)
  --runtimes <list>     of bun,deno,node (default: all three)
  --cores one|all       one ties all programs to the first core (default: all)
  --bytes <number>      payload of the whole transfers, 0..10000000 (default: 1000000)`;

const NAMES = ["rounds", "seconds", "runtimes", "cores", "bytes"] as const;
const RUNTIMES: readonly Runtime[] = ["bun", "deno", "node"];

/** Throws an OptionError. */
export function readOptions(argv: readonly string[]): RoundTripsOptions | "help" {
  const given = parseOptions(argv, NAMES, USAGE);
  if (given.help) return "help";
  const names = (given.runtimes ?? RUNTIMES.join()).split(",");
  return {
    rounds: whole("rounds", given.rounds, 10, { least: 1, most: 1000 }),
    seconds: whole("seconds", given.seconds, 1, { least: 1, most: 20 }),
    runtimes: [...new Set(names)].map((name) => among("runtimes", name, RUNTIMES)),
    oneCore: among("cores", given.cores ?? "all", ["one", "all"]) === "one",
    bytes: whole("bytes", given.bytes, 1_000_000, { least: 0, most: 10_000_000 }),
  };
}

function among<T extends string>(name: string, given: string, allowed: readonly T[]): T {
  if (allowed.includes(given as T)) return given as T;
  throw new OptionError(`--${name} ${JSON.stringify(given)} is none of ${allowed.join(", ")}`);
}
