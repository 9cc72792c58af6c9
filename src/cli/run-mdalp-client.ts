/** `steelyard run mdalp client`. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { adaptiveTimeout, fixedTimeout, MDALP_PORT, transfer } from "../mdalp/mod.ts";
import type { TransferResult } from "../mdalp/mod.ts";
import type { RoleCommand } from "./role-command.ts";
import { oneOf, secondsAsMs, text, UsageError, wholeNumber } from "./usage.ts";

/** Queues of a quarter of an hour were seen. */
const PLAN_MS = 1_200_000;
const GIVE_UP_MS = 45_000;
const INTENT_AGAIN_MS = 10_000;

export function mdalpClientCommand(): RoleCommand {
  return {
    usage: "FILE",
    summary: "sends a file to the receivers that the orchestrator names",
    options: [
      ["-a, --orchestrator <address>", "the orchestrator's address (default: 127.0.0.1)"],
      ["-p, --port <number>", `the port of orchestrator and receivers (default: ${MDALP_PORT})`],
      ["-f, --file <file>", "the file to send; it may stand alone too"],
      ["--host <address>", "the client's own address (default: any)"],
      ["--no-balance", "send everything to one receiver"],
      ["--server <number>", "the receiver of --no-balance, from 1 (default: 1)"],
      [
        "--timeout <how>",
        "when a packet is sent again: fixed (3 s) or adaptive (default: adaptive)",
      ],
      ["--patience <seconds>", "how long to wait for a plan (default: 1200)"],
    ],
    example: "steelyard run mdalp client payload.txt --orchestrator 127.0.0.1",
    async run(args, options) {
      const [argument, extra] = args;
      if (extra !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(extra)}`);
      const file = text(options, "file") ?? argument;
      if (file === undefined) throw new UsageError("no file given to send");
      const port = wholeNumber(options, "port", { least: 1, most: 65535 }) ?? MDALP_PORT;
      const server = wholeNumber(options, "server", { least: 1, most: 1000 }) ?? 1;
      const how = oneOf(options, "timeout", ["fixed", "adaptive"]) ?? "adaptive";
      const result = await transfer({
        orchestrator: { host: text(options, "orchestrator") ?? "127.0.0.1", port },
        local: { host: text(options, "host") ?? "0.0.0.0", port: 0 },
        receiverPort: port,
        payload: readPayload(file),
        only: options.balance === false ? server - 1 : undefined,
        intentAgainMs: INTENT_AGAIN_MS,
        planMs: secondsAsMs(options, "patience") ?? PLAN_MS,
        giveUpMs: GIVE_UP_MS,
        timeout: how === "fixed" ? () => fixedTimeout() : () => adaptiveTimeout(),
        say: (line) => process.stderr.write(`${line}\n`),
      });
      process.stdout.write(`${resultText(result)}\n`);
      return 0;
    },
  };
}

function readPayload(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

/** One line a receiver, and the whole. */
export function resultText({ tid, bytes, receivers, makespanMs }: TransferResult): string {
  const lines = receivers.map(({ receiver, packets, timeouts, latencyMs, elapsedMs }) => {
    const ping = latencyMs === undefined ? "" : `, ping ${latencyMs.toFixed(0)} ms`;
    const seconds = (elapsedMs / 1000).toFixed(2);
    return `  ${receiver.address}: ${packets} packets, ${timeouts} timeouts, ${seconds} s${ping}`;
  });
  return [`transaction ${tid}: ${bytes} bytes in ${(makespanMs / 1000).toFixed(2)} s`, ...lines]
    .join("\n");
}
