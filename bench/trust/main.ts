/**
 * Whether the benchmark's verdicts can be trusted: measures a server against itself many times, where
 * nearly every 95 % interval has to hold 1, and against one slowed by a tenth, which has to be found.
 */
import process from "node:process";
import { loadavg } from "node:os";
import { runtime, runtimeVersion } from "../../src/net/mod.ts";
import { OptionError, parseOptions, whole } from "../options.ts";
import type { ComparisonResult } from "../results.ts";
import { runWorkload } from "../run/run-workload.ts";
import { twoServers } from "./two-servers.ts";

const USAGE = `Usage: bun bench/trust/main.ts [options]
  --same <number>       measurements of a server against itself, 0..1000 (default: 40)
  --slowed <number>     measurements against one slowed by a tenth, 0..1000 (default: 20)
  --rounds <number>     interleaved rounds of each measurement, 6..1000 (default: 12)
  --window <ms>         of each server in a round, 25..10000 (default: 100)
  --spin <us>           of work for a request, 1..10000 (default: 200)`;

const NAMES = ["same", "slowed", "rounds", "window", "spin"] as const;

/** 34 of 40 and 16 of 20. */
const LEAST_SAME = 0.85;
const LEAST_SLOWED = 0.8;
const SLOWER = 0.1;

interface Options {
  readonly rounds: number;
  readonly windowMs: number;
  readonly spinUs: number;
}

async function measure(slower: number, seed: number, options: Options): Promise<ComparisonResult> {
  const workload = twoServers({ ...options, slower });
  const plan = workload.plan({ extent: "quick", runtimes: undefined });
  const { result, incomplete } = await runWorkload(workload, plan, {
    extent: "quick",
    seed,
    rate: undefined,
    signal: new AbortController().signal,
    now: () => performance.now(),
  });
  if (incomplete.length > 0) throw new Error(incomplete.join("; "));
  const [comparison] = result.comparisons;
  if (!comparison?.ratio) throw new Error(comparison?.sentence ?? "nothing was compared");
  return comparison;
}

/** Prints a line for each measurement; how many were as they had to be. */
async function series(
  times: number,
  slower: number,
  options: Options,
  right: (comparison: ComparisonResult) => boolean,
): Promise<number> {
  let count = 0;
  for (let time = 1; time <= times; time++) {
    const comparison = await measure(slower, time, options);
    const { median, low, high } = comparison.ratio ?? { median: NaN, low: NaN, high: NaN };
    const ok = right(comparison);
    if (ok) count++;
    const [a, b, c] = [median, low, high].map((ratio) => ratio.toFixed(4));
    console.log(`  ${String(time).padStart(3)}  ${a} (${b}..${c})  ${ok ? "right" : "WRONG"}`);
  }
  return count;
}

function verdict(count: number, times: number, least: number): boolean {
  const needed = Math.ceil(times * least);
  const enough = count >= needed;
  console.log(`  ${count} of ${times}, at least ${needed} needed: ${enough ? "holds" : "FAILS"}\n`);
  return enough;
}

async function main(argv: readonly string[]): Promise<number> {
  const given = parseOptions(argv, NAMES, USAGE);
  if (given.help) {
    console.log(USAGE);
    return 0;
  }
  const same = whole("same", given.same, 40, { least: 0, most: 1000 });
  const slowed = whole("slowed", given.slowed, 20, { least: 0, most: 1000 });
  const options = {
    rounds: whole("rounds", given.rounds, 12, { least: 6, most: 1000 }),
    windowMs: whole("window", given.window, 100, { least: 25, most: 10_000 }),
    spinUs: whole("spin", given.spin, 200, { least: 1, most: 10_000 }),
  };
  const load = () => loadavg().map((average) => average.toFixed(2)).join(" ");
  console.log(`$ ${["bun bench/trust/main.ts", ...argv].join(" ")}`);
  console.log(`${runtime} ${runtimeVersion}; load average ${load()}\n`);
  console.log("a server against itself: the 95 % interval of the ratio has to hold 1");
  const held = await series(same, 0, options, ({ significant }) => !significant);
  const trusted = verdict(held, same, LEAST_SAME);
  console.log("a server slowed by 10 %: the interval has to lie below 1");
  const found = await series(
    slowed,
    SLOWER,
    options,
    ({ significant, ratio }) => significant && (ratio?.high ?? 1) < 1,
  );
  const sharp = verdict(found, slowed, LEAST_SLOWED);
  console.log(`load average ${load()}`);
  return trusted && sharp ? 0 : 1;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  console.error(`trust: ${(error as Error).message}`);
  process.exit(error instanceof OptionError ? 2 : 1);
}
