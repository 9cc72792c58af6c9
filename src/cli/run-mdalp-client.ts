/** `steelyard run mdalp client`. Exit code 1 where the payload was not sent whole, and when stopped. */
import process from "node:process";
import { transfer, transferParts } from "../mdalp/client.ts";
import type { TransferOptions, TransferParts, TransferResult } from "../mdalp/client.ts";
import { MDALP_PORT } from "../mdalp/message.ts";
import { TransferError } from "../mdalp/transfer-error.ts";
import { NetError, numericAddress } from "../net/mod.ts";
import {
  onlyOf,
  readPayload,
  resultText,
  SENDING_OPTIONS,
  splitOf,
  timeoutOf,
} from "./mdalp-options.ts";
import { PACKETS, progressBar } from "./progress-bar.ts";
import type { RoleCommand } from "./role-command.ts";
import { stopSignal } from "./stop-signal.ts";
import { secondsAsMs, text, UsageError, wholeNumber } from "./usage.ts";

/** Queues of a quarter of an hour were seen. */
const PLAN_MS = 1_200_000;
const GIVE_UP_MS = 30_000;
const INTENT_AGAIN_MS = 10_000;

type Send = (options: TransferOptions, parts: TransferParts) => Promise<TransferResult>;

/** Another way to send makes another client. */
export function mdalpClientCommand(send: Send = transfer): RoleCommand {
  return {
    usage: "FILE",
    summary: "sends a file to the receivers that the orchestrator names",
    options: [
      ["-a, --orchestrator <address>", "the orchestrator's address (default: 127.0.0.1)"],
      ["-p, --port <number>", `the port of orchestrator and receivers (default: ${MDALP_PORT})`],
      ["-f, --file <file>", "the file to send; it may stand alone too"],
      ["--host <address>", "the client's own address (default: any)"],
      ...SENDING_OPTIONS,
      ["--patience <seconds>", "how long to wait for a plan (default: 1200)"],
      ["--give-up <seconds>", "without an ack for so long, a receiver is dead (default: 30)"],
      ["--quiet", "only the result and errors: no progress, no remarks"],
    ],
    example: "steelyard run mdalp client payload.txt --orchestrator 127.0.0.1",
    async run(args, options) {
      const [argument, extra] = args;
      if (extra !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(extra)}`);
      const file = text(options, "file") ?? argument;
      if (file === undefined) throw new UsageError("no file given to send");
      const port = wholeNumber(options, "port", { least: 1, most: 65535 }) ?? MDALP_PORT;
      const only = onlyOf(options, 1000);
      const host = await addressOf(text(options, "orchestrator") ?? "127.0.0.1");
      const result = await shown(options.quiet === true, (how) =>
        send({
          orchestrator: { host, port },
          local: { host: text(options, "host") ?? "0.0.0.0", port: 0 },
          receiverPort: port,
          payload: readPayload(file),
          only,
          intentAgainMs: INTENT_AGAIN_MS,
          planMs: secondsAsMs(options, "patience") ?? PLAN_MS,
          giveUpMs: secondsAsMs(options, "giveUp") ?? GIVE_UP_MS,
          timeout: timeoutOf(options),
          ...how,
        }, {
          ...transferParts,
          ...(options.split === undefined ? {} : { split: splitOf(options) }),
        }));
      process.stdout.write(`${resultText(result)}\n`);
      return 0;
    },
  };
}

/** Looked up once: a plan counts only from the very address that was asked. */
async function addressOf(name: string): Promise<string> {
  try {
    return await numericAddress(name);
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    throw new UsageError(`--orchestrator ${JSON.stringify(name)}: ${error.message}`);
  }
}

type Shown = Required<Pick<TransferOptions, "say" | "onProgress" | "signal">>;

/** A bar on a terminal, remarks on standard error, and an end by SIGINT or SIGTERM that tells how far it came. */
async function shown(
  quiet: boolean,
  run: (how: Shown) => Promise<TransferResult>,
): Promise<TransferResult> {
  const bar = progressBar(quiet ? { write() {} } : process.stderr, PACKETS);
  let came = "before any packet was sent";
  const stop = new AbortController();
  stopSignal().then((name) => {
    const message = `stopped by ${name} ${came}; the transaction stays incomplete`;
    stop.abort(new TransferError("stopped", message));
  });
  const sending = run({
    signal: stop.signal,
    say(line) {
      if (quiet) return;
      bar.clear();
      process.stderr.write(`${line}\n`);
    },
    onProgress(acknowledged, packets) {
      came = `after ${acknowledged} of ${packets} packets`;
      bar.update(acknowledged, packets);
    },
  });
  return await sending.finally(bar.clear);
}
