/** `steelyard run mdalp demo FILE`: orchestrator, receivers and client in one process. */
import process from "node:process";
import {
  impaired,
  makespanBoundMs,
  receiverParts,
  startOrchestrator,
  startReceiver,
  transfer,
  transferParts,
} from "../mdalp/mod.ts";
import { udp } from "../net/mod.ts";
import { randomSource } from "../redirect/mod.ts";
import type { RoleCommand } from "./role-command.ts";
import {
  onlyOf,
  readPayload,
  resultText,
  SENDING_OPTIONS,
  splitOf,
  timeoutOf,
} from "./mdalp-options.ts";
import { text, UsageError, wholeNumber } from "./usage.ts";

/** The published run's, in milliseconds. */
const LATENCIES_MS = "335,163,157";
const QUIET_MS = 500;

export function mdalpDemoCommand(): RoleCommand {
  return {
    usage: "FILE",
    summary: "sends a file to receivers with chosen latencies and losses, all in one process",
    options: [
      ["--latencies <list>", `milliseconds of each receiver (default: ${LATENCIES_MS})`],
      ["--loss <percent>", "data packets lost on their way (default: 0)"],
      ...SENDING_OPTIONS,
      ["--seed <number>", "the seed of the losses (default: 1)"],
    ],
    example: "steelyard run mdalp demo payload.txt --latencies 30,15,15 --loss 5",
    run: (args, options) => demo(args, options),
  };
}

async function demo(args: readonly string[], options: Record<string, unknown>): Promise<number> {
  const [file, extra] = args;
  if (file === undefined || extra !== undefined) throw new UsageError("give one file to send");
  const latenciesMs = latenciesOf(text(options, "latencies") ?? LATENCIES_MS);
  const loss = (wholeNumber(options, "loss", { least: 0, most: 90 }) ?? 0) / 100;
  const random = randomSource(wholeNumber(options, "seed", { least: 0, most: 0xffffffff }) ?? 1);
  const only = onlyOf(options, latenciesMs.length);
  const payload = readPayload(file);
  const { promise: done, resolve: ended } = Promise.withResolvers<void>();
  const { promise: joined, resolve: all } = Promise.withResolvers<void>();
  let linked = 0;
  const orchestrator = await startOrchestrator({
    at: { host: "127.0.0.1", port: 0 },
    link: { host: "127.0.0.1", port: 0 },
    limitMs: 90_000,
    quietMs: QUIET_MS,
    log(event) {
      if (event === "ended") ended();
      if (event === "receiver" && ++linked === latenciesMs.length) all();
    },
  });
  const receivers: Awaited<ReturnType<typeof startReceiver>>[] = [];
  try {
    let port = 0;
    for (const [i, delayMs] of latenciesMs.entries()) {
      const receiver = await startReceiver({
        at: { host: `127.0.0.${i + 2}`, port },
        orchestrator: { host: "127.0.0.1", port: orchestrator.linkPort },
        log() {},
      }, { ...receiverParts, driver: impaired(udp, { delayMs, loss, random }) });
      receivers.push(receiver);
      port = receiver.port;
    }
    // A plan names those that are linked when it is made.
    await joined;
    const result = await transfer({
      orchestrator: { host: "127.0.0.1", port: orchestrator.port },
      local: { host: "127.0.0.1", port: 0 },
      receiverPort: port,
      payload,
      only,
      intentAgainMs: 1000,
      planMs: 10_000,
      giveUpMs: 45_000,
      timeout: timeoutOf(options),
      say() {},
    }, {
      ...transferParts,
      split: splitOf(options),
      latency: (address) => Promise.resolve(latenciesMs[Number(address.split(".")[3]) - 2]),
    });
    await done;
    const packets = result.receivers.reduce((sum, one) => sum + one.packets, 0);
    const boundMs = makespanBoundMs(packets, latenciesMs);
    const ratio = (result.makespanMs / boundMs).toFixed(3);
    process.stdout.write(
      `${resultText(result)}\n  no split is faster than ${(boundMs / 1000).toFixed(2)} s (N/S); ` +
        `this took ${ratio} times that\n${orchestrator.status().ended[0]?.result}\n`,
    );
    return 0;
  } finally {
    for (const receiver of receivers) receiver.close();
    await orchestrator.close();
  }
}

function latenciesOf(list: string): number[] {
  const latencies = list.split(",").map(Number);
  const right = latencies.every((ms) => ms > 0 && ms <= 10_000) && latencies.length <= 10;
  if (right) return latencies;
  throw new UsageError(
    `--latencies ${JSON.stringify(list)} is not up to ten milliseconds above 0, as 30,15`,
  );
}
