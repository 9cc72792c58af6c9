/** The options of the makespan measurement. */
import { OptionError, parseOptions, whole } from "../options.ts";

export interface MakespanOptions {
  /** How many seeds of losses, from 1. */
  readonly seeds: number;
  /** The share of data packets that is lost, 0 to 1. */
  readonly loss: number;
  /** Milliseconds from a data packet's arrival to its ack, of each receiver. */
  readonly latenciesMs: readonly number[];
  readonly bytes: number;
  /** Transfers at a time: they wait more than they compute. */
  readonly jobs: number;
  /** Transfers without loss, of each way to split. */
  readonly repeats: number;
}

export const USAGE = `Usage: bun bench/mdalp/makespan.ts [options]   (or with node, or deno run -A)
  --seeds <number>      seeds of losses, each with both timeouts, 1..1000 (default: 20)
  --loss <percent>      data packets that are lost, 0..50 (default: 8)
  --latencies <list>    milliseconds of each receiver (default: 335,163,157)
  --bytes <number>      of the payload, 1..1000000 (default: 5000)
  --jobs <number>       transfers at a time, 1..100 (default: 10)
  --repeats <number>    transfers without loss, of each split, 1..100 (default: 5)`;

const NAMES = ["seeds", "loss", "latencies", "bytes", "jobs", "repeats"] as const;

/** Throws an OptionError. */
export function readOptions(argv: readonly string[]): MakespanOptions | "help" {
  const given = parseOptions(argv, NAMES, USAGE);
  if (given.help) return "help";
  return {
    seeds: whole("seeds", given.seeds, 20, { least: 1, most: 1000 }),
    loss: whole("loss", given.loss, 8, { least: 0, most: 50 }) / 100,
    latenciesMs: latencies(given.latencies ?? "335,163,157"),
    bytes: whole("bytes", given.bytes, 5000, { least: 1, most: 1_000_000 }),
    jobs: whole("jobs", given.jobs, 10, { least: 1, most: 100 }),
    repeats: whole("repeats", given.repeats, 5, { least: 1, most: 100 }),
  };
}

function latencies(list: string): number[] {
  const found = list.split(",").map(Number);
  if (found.length <= 10 && found.every((ms) => ms >= 1 && ms <= 10_000)) return found;
  throw new OptionError(
    `--latencies ${JSON.stringify(list)} is not up to ten milliseconds in 1..10000, as 30,15`,
  );
}
