/**
 * Latencies of the reference proxy beside HAProxy's at half the rate at which the reference is
 * saturated: requests begin at even distances, whatever the answers do.
 */
import process from "node:process";
import { loadavg } from "node:os";
import { runtime, runtimeVersion } from "../../src/net/mod.ts";
import { OptionError, parseOptions, whole } from "../options.ts";
import type { SetUpResult } from "../results.ts";
import { pick } from "../run/only.ts";
import { runWorkload } from "../run/run-workload.ts";
import { isBound } from "../run/unanswered.ts";
import { pairedRatio } from "../statistics.ts";
import type { Estimate } from "../statistics.ts";
import { peers } from "../workloads/peers.ts";

const USAGE = `Usage: bun bench/peers/open-loop.ts [options]
  --rounds <number>     interleaved rounds, 6..1000 (default: 10)
  --window <ms>         of each proxy in a round, 100..60000 (default: 2000)
  --percent <number>    of the saturation rate, 1..100 (default: 50)`;

const NAMES = ["rounds", "window", "percent"] as const;

const OURS = "proxied/bun";
const THEIRS = "proxied/haproxy";

/** The saturation rate is taken from so many rounds of a second. */
const SATURATION = { rounds: 6, windowMs: 1000 };

interface Length {
  readonly rounds: number;
  readonly windowMs: number;
}

async function measure(
  length: Length,
  rate: number | undefined,
): Promise<Map<string, SetUpResult>> {
  const whole = peers.plan({ extent: "quick", runtimes: ["bun"] });
  const plan = pick(whole, { only: [OURS, THEIRS], ...length });
  for (const { what, why } of plan.leftOut) {
    if (what === "HAProxy") throw new Error(`${what} is needed: ${why}`);
  }
  const { result, incomplete } = await runWorkload(peers, plan, {
    extent: "quick",
    seed: 1,
    rate,
    signal: new AbortController().signal,
    now: () => performance.now(),
  });
  if (incomplete.length > 0) throw new Error(incomplete.join("; "));
  return new Map(result.setUps.map((setUp) => [setUp.id, setUp]));
}

/** Prints a line; the 99th percentile of each round, in microseconds; Infinity where it is a bound. */
function tell(name: string, { latency, rounds, failures }: SetUpResult): number[] {
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  const limited = rounds.filter((round) => round.clientLimited).length;
  const late = Math.max(...rounds.map(({ client }) => client?.lateP99 ?? 0));
  console.log(
    `  ${
      name.padEnd(20)
    } p50 ${latency.p50} us, p99 ${latency.p99} us, p99.9 ${latency.p999} us, ` +
      `${latency.count} requests, ${failed} failed; begun late p99 ${late.toFixed(0)} us` +
      (limited > 0 ? `; the client was the limit in ${limited} rounds` : ""),
  );
  return rounds.map((round) => isBound(99, "latency-p99", [round]) ? Infinity : round.latency.p99);
}

function ratioText({ median, low, high }: Estimate): string {
  const [middle, least, most] = [median, low, high].map((ratio) => ratio.toFixed(2));
  return `${middle} (${least}..${most})`;
}

async function main(argv: readonly string[]): Promise<void> {
  const given = parseOptions(argv, NAMES, USAGE);
  if (given.help) return console.log(USAGE);
  const length = {
    rounds: whole("rounds", given.rounds, 10, { least: 6, most: 1000 }),
    windowMs: whole("window", given.window, 2000, { least: 100, most: 60_000 }),
  };
  const percent = whole("percent", given.percent, 50, { least: 1, most: 100 });
  console.log(`$ ${["bun bench/peers/open-loop.ts", ...argv].join(" ")}`);
  console.log(`${runtime} ${runtimeVersion}; load average ${loadavg().join(" ")}`);
  const closed = await measure(SATURATION, undefined);
  const saturated = (id: string) => {
    const setUp = closed.get(id);
    return setUp?.value?.median ?? setUp?.bound ?? NaN;
  };
  const rate = Math.round((saturated(OURS) * percent) / 100);
  console.log(
    `saturated: reference on Bun ${saturated(OURS).toFixed(0)} requests/s, ` +
      `HAProxy ${saturated(THEIRS).toFixed(0)} requests/s`,
  );
  console.log(`open loop at ${rate} requests/s, ${percent} % of the reference's:`);
  const open = await measure(length, rate);
  const ours = tell("reference on Bun", open.get(OURS) as SetUpResult);
  const theirs = tell("HAProxy", open.get(THEIRS) as SetUpResult);
  const last = [ours, theirs].flat().every(Number.isFinite)
    ? ratioText(pairedRatio(ours, theirs))
    : "not compared, since in some rounds more than 1 % failed";
  console.log(`p99 of a round, reference / HAProxy: ${last}`);
  console.log(`load average ${loadavg().join(" ")}`);
}

try {
  await main(process.argv.slice(2));
  process.exit(0);
} catch (error) {
  console.error(`open-loop: ${(error as Error).message}`);
  process.exit(error instanceof OptionError ? 2 : 1);
}
