/** `steelyard trace judge|show FILE`. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { CaptureError, readCapture } from "../../conformance/mdalp/capture/capture-file.ts";
import { readTraffic } from "../../conformance/mdalp/capture/datagrams.ts";
import type { Traffic } from "../../conformance/mdalp/capture/datagrams.ts";
import { judgeTransaction } from "../../conformance/mdalp/capture/trace-judge.ts";
import {
  exchangeText,
  judgementText,
  timeSequence,
} from "../../conformance/mdalp/capture/trace-text.ts";
import { findTransactions } from "../../conformance/mdalp/capture/transactions.ts";
import { printError, runRoleCommand } from "./role-command.ts";
import type { RoleCommand } from "./role-command.ts";
import { text, UsageError } from "./usage.ts";

const COMMANDS: Readonly<Record<string, RoleCommand>> = {
  judge: {
    usage: "FILE",
    summary: "judges the MDALP transactions of a capture (pcap or pcapng) by the client's rules",
    options: [
      ["--payload <file>", "what was to be sent, to compare with what was acknowledged"],
      ["--json", "as JSON"],
    ],
    example: "steelyard trace judge transfer.pcapng --payload payload.txt",
    run: (args, options) => Promise.resolve(judge(args, options)),
  },
  show: {
    usage: "FILE",
    summary: "lists the datagrams of a capture",
    options: [],
    example: "steelyard trace show transfer.pcapng",
    run(args) {
      return Promise.resolve(show(args));
    },
  },
};

export function traceCommand(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === "convert") {
    throw new UsageError("trace convert is not in this version; trace judge and trace show are");
  }
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return runRoleCommand(`trace ${name}`, command, rest);
  if (name !== undefined && name !== "--help" && name !== "-h") {
    throw new UsageError(`no command trace ${JSON.stringify(name)}; there is judge, show`);
  }
  for (const [key, { usage, summary }] of Object.entries(COMMANDS)) {
    console.log(`  steelyard trace ${key} ${usage}   ${summary}`);
  }
  return Promise.resolve(0);
}

/** 0 where no MUST rule is broken, 1 where one is, 3 where the capture holds no transaction. */
function judge(args: readonly string[], options: Record<string, unknown>): number {
  const path = text(options, "payload");
  const payload = path === undefined ? undefined : read(path);
  const { transactions } = findTransactions(readFile(args));
  const judged = transactions.map((one) => judgeTransaction(one, payload));
  if (options.json === true) console.log(JSON.stringify(judged, null, 2));
  else {
    for (const [i, one] of judged.entries()) {
      console.log(judgementText(one));
      console.log(`\n${timeSequence(transactions[i]!, process.stdout.columns ?? 100)}\n`);
    }
  }
  if (judged.length === 0) {
    printError("the capture holds no MDALP transaction: no plan, data or ack on UDP");
    return 3;
  }
  const broken = judged.some(({ findings }) =>
    findings.some(({ level, verdict }) => level === "MUST" && verdict === "fail")
  );
  return broken ? 1 : 0;
}

/** 0, or 3 where there is nothing to list. */
function show(args: readonly string[]): number {
  const traffic = readFile(args);
  if (traffic.datagrams.length === 0) {
    printError("the capture holds no datagram on UDP");
    return 3;
  }
  console.log(exchangeText(traffic));
  return 0;
}

function readFile(args: readonly string[]): Traffic {
  const [path, extra] = args;
  if (path === undefined) throw new UsageError("no capture given; name a pcap or pcapng file");
  if (extra !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(extra)}`);
  try {
    const { frames, problems } = readCapture(read(path));
    for (const problem of problems) printError(`${path}: ${problem}; what came before is judged`);
    return readTraffic(frames);
  } catch (error) {
    if (error instanceof CaptureError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}
