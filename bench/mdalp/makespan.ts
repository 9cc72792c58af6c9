/**
 * How close the reference's transfers come to the shortest makespan there is, and what a timeout that
 * follows the round-trip times saves under loss. Over real sockets on loopback, with the latencies and
 * the losses of each path made by seed. Source of the bound: spec/mdalp, "Bounds for measurement".
 */
import { Buffer } from "node:buffer";
import { loadavg } from "node:os";
import process from "node:process";
import {
  adaptiveTimeout,
  fixedTimeout,
  makespanBoundMs,
  PAYLOAD_BYTES,
  splitByInverseLatency,
  splitGreedily,
} from "../../src/mdalp/mod.ts";
import type { TransferResult } from "../../src/mdalp/mod.ts";
import { runArguments, runtime, runtimeVersion } from "../../src/net/mod.ts";
import { bounded } from "./bounded.ts";
import { deliver } from "./deliver.ts";
import type { Delivery } from "./deliver.ts";
import { readOptions, USAGE } from "./makespan-options.ts";
import type { MakespanOptions } from "./makespan-options.ts";
import { splitTable, timeoutTable } from "./makespan-table.ts";
import type { Timed } from "./makespan-table.ts";
import { OptionError } from "../options.ts";

/** 127.10.0.0/16 and following, which nothing else of the project's uses. */
const FIRST_NETWORK = 10;

const SPLITS = { "inverse latency": splitByInverseLatency, "greedy": splitGreedily } as const;

type Case = Omit<Delivery, "payload" | "latenciesMs" | "network">;

async function main(options: MakespanOptions): Promise<void> {
  const command = [runtime, ...runArguments(runtime), "bench/mdalp/makespan.ts"];
  console.log(`$ ${[...command, ...process.argv.slice(2)].join(" ")}`);
  console.log(`${runtime} ${runtimeVersion}; load average ${loads()}`);
  const { latenciesMs, bytes } = options;
  console.log(`${bytes} bytes over receivers of ${latenciesMs.join("/")} ms\n`);
  await withoutLoss(options);
  console.log(`\n${(options.loss * 100).toFixed(0)} % of the data packets lost, seed by seed`);
  await withLoss(options);
  console.log(`\nload average ${loads()}`);
}

async function withoutLoss(options: MakespanOptions): Promise<void> {
  const cases = Object.values(SPLITS).flatMap((split) =>
    Array.from(
      { length: options.repeats },
      (_, i): Case => ({ split, loss: 0, seed: i + 1, timeout: () => adaptiveTimeout() }),
    )
  );
  const results = await runAll(cases, options);
  const packets = Math.ceil(options.bytes / PAYLOAD_BYTES);
  const figures = Object.keys(SPLITS).map((name, at) => {
    const own = results.slice(at * options.repeats, (at + 1) * options.repeats);
    return {
      name,
      packets: own[0]?.receivers.map((receiver) => receiver.packets) ?? [],
      makespansMs: own.map(({ makespanMs }) => makespanMs),
    };
  });
  console.log(splitTable(makespanBoundMs(packets, options.latenciesMs), figures));
}

async function withLoss(options: MakespanOptions): Promise<void> {
  const seeds = Array.from({ length: options.seeds }, (_, i) => i + 1);
  const cases = seeds.flatMap((seed): Case[] =>
    [() => fixedTimeout(), () => adaptiveTimeout()].map((timeout) => ({
      split: splitByInverseLatency,
      loss: options.loss,
      seed,
      timeout,
    }))
  );
  const results = (await runAll(cases, options)).map(timed);
  console.log(timeoutTable(seeds.map((seed, i) => ({
    seed,
    fixed: results[2 * i] as Timed,
    adaptive: results[2 * i + 1] as Timed,
  }))));
}

function runAll(cases: readonly Case[], options: MakespanOptions): Promise<TransferResult[]> {
  const { latenciesMs, bytes, jobs } = options;
  const payload = Buffer.alloc(bytes, "A steelyard weighs unequal loads against each other. ");
  const shared = { payload, latenciesMs };
  return bounded(
    cases,
    jobs,
    (one, lane) => deliver({ ...one, ...shared, network: FIRST_NETWORK + lane }),
  );
}

function timed({ makespanMs, receivers }: TransferResult): Timed {
  const retransmissions = receivers.reduce((sum, { timeouts }) => sum + timeouts, 0);
  return { makespanMs, retransmissions };
}

function loads(): string {
  return loadavg().map((average) => average.toFixed(2)).join(" ");
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") console.log(USAGE);
  else await main(options);
  process.exit(0);
} catch (error) {
  console.error(`makespan: ${(error as Error).message}`);
  process.exit(error instanceof OptionError ? 2 : 1);
}
