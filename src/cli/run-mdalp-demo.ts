/** `steelyard run mdalp demo FILE`: orchestrator, receivers and client in one process. */
import process from "node:process";
import { loopbackTransfer } from "../mdalp/loopback-transfer.ts";
import { makespanBoundMs } from "../mdalp/mod.ts";
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
  const result = await loopbackTransfer({
    payload: readPayload(file),
    latenciesMs,
    loss: (wholeNumber(options, "loss", { least: 0, most: 90 }) ?? 0) / 100,
    seed: wholeNumber(options, "seed", { least: 0, most: 0xffffffff }) ?? 1,
    network: 0,
    limitMs: 90_000,
    giveUpMs: 45_000,
    only: onlyOf(options, latenciesMs.length),
    split: splitOf(options),
    timeout: timeoutOf(options),
  });
  const packets = result.receivers.reduce((sum, one) => sum + one.packets, 0);
  const boundMs = makespanBoundMs(packets, latenciesMs);
  const ratio = (result.makespanMs / boundMs).toFixed(3);
  process.stdout.write(
    `${resultText(result)}\n  no split is faster than ${(boundMs / 1000).toFixed(2)} s (N/S); ` +
      `this took ${ratio} times that\n${result.verdict}\n`,
  );
  return 0;
}

function latenciesOf(list: string): number[] {
  const latencies = list.split(",").map(Number);
  const right = latencies.every((ms) => ms > 0 && ms <= 10_000) && latencies.length <= 10;
  if (right) return latencies;
  throw new UsageError(
    `--latencies ${JSON.stringify(list)} is not up to ten milliseconds above 0, as 30,15`,
  );
}
