/** The options of the round-trip measurement. */
import type { Runtime } from "../../src/net/mod.ts";
import { among, parseOptions, runtimesOf, whole } from "../options.ts";

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

/** Throws an OptionError. */
export function readOptions(argv: readonly string[]): RoundTripsOptions | "help" {
  const given = parseOptions(argv, NAMES, USAGE);
  if (given.help) return "help";
  return {
    rounds: whole("rounds", given.rounds, 10, { least: 1, most: 1000 }),
    seconds: whole("seconds", given.seconds, 1, { least: 1, most: 20 }),
    runtimes: runtimesOf(given.runtimes),
    oneCore: among("cores", given.cores ?? "all", ["one", "all"]) === "one",
    bytes: whole("bytes", given.bytes, 1_000_000, { least: 0, most: 10_000_000 }),
  };
}
