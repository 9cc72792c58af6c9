/**
 * MDALP's stop-and-wait on loopback, by round trips a second: a data packet out, its ack back, two
 * processes of one runtime over src/net and the codec, against two of plain Python with blocking
 * sockets. Then whole transfers of the reference, which add shares, timers and bookkeeping.
 */
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { executable, packageRoot } from "../../conformance/engine/package.ts";
import { runArguments } from "../../src/net/mod.ts";
import type { Runtime } from "../../src/net/mod.ts";
import { Lifetime, ProgramError } from "../lifetime.ts";
import { interleave } from "../rounds.ts";
import type { Subject } from "../rounds.ts";
import { OptionError } from "../options.ts";
import { rateTable, readRate } from "./rate.ts";
import { readOptions, USAGE } from "./round-trips-options.ts";
import type { RoundTripsOptions } from "./round-trips-options.ts";

const WARM_UP_SECONDS = 0.5;
const START_MS = 20_000;

interface Pair extends Subject {
  /** The client's command without how long it runs. */
  readonly client: readonly string[];
}

async function main(options: RoundTripsOptions): Promise<void> {
  const life = new Lifetime();
  try {
    console.log(`$ bun bench/mdalp/round-trips.ts ${process.argv.slice(2).join(" ")}`.trim());
    const processors = cpus();
    console.log(`${processors.length} x ${processors[0]?.model}; load average ${loads()}`);
    const python = program(options, ["python3"]);
    const pairs = [await startPair(life, "python", python, "py")];
    for (const on of options.runtimes) {
      pairs.push(await startPair(life, on, program(options, runtimeCommand(on)), "ts"));
    }
    const where = options.oneCore ? "both processes on one core" : "on all cores";
    console.log(`\nround trips of 100 bytes and an ack, ${where}, ${options.rounds} rounds`);
    const times = [String(WARM_UP_SECONDS), String(options.seconds)];
    const rates = await interleave(
      pairs,
      options.rounds,
      async ({ client }) => readRate(await life.run([...client, ...times])),
    );
    console.log(rateTable(rates, "python"));
    if (options.bytes > 0) await measureTransfers(life, options);
    console.log(`\nload average ${loads()}`);
  } finally {
    life.end();
  }
}

async function measureTransfers(life: Lifetime, options: RoundTripsOptions): Promise<void> {
  console.log(`\nwhole transfers of ${options.bytes} bytes to one receiver, packets`);
  const subjects = options.runtimes.map((name) => ({
    name,
    command: program(options, runtimeCommand(name))("whole-transfer.ts"),
  }));
  const rates = await interleave(
    subjects,
    options.rounds,
    async ({ command }) => readRate(await life.run([...command, String(options.bytes)])),
  );
  console.log(rateTable(rates));
}

function runtimeCommand(on: Runtime): string[] {
  return [executable(on), ...runArguments(on)];
}

/** The command of a file of this folder. */
function program({ oneCore }: RoundTripsOptions, command: readonly string[]) {
  const tied = oneCore ? ["taskset", "-c", "0"] : [];
  return (file: string) => [...tied, ...command, join(packageRoot, "bench", "mdalp", file)];
}

/** Starts the server, and waits for its port. */
function startPair(
  life: Lifetime,
  name: string,
  command: (file: string) => string[],
  suffix: string,
): Promise<Pair> {
  return new Promise((resolve, reject) => {
    const server = command(`server.${suffix}`);
    const child = life.start(server, reject);
    let written = "";
    child.stdout?.on("data", (bytes) => {
      written += bytes;
      const port = /^port (\d+)\n/.exec(written)?.[1];
      if (port) resolve({ name, client: [...command(`client.${suffix}`), port] });
    });
    const late = new ProgramError(`${server.join(" ")} said no port within ${START_MS} ms`);
    setTimeout(() => reject(late), START_MS).unref();
  });
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
  console.error(`round-trips: ${(error as Error).message}`);
  process.exit(error instanceof OptionError ? 2 : 1);
}
