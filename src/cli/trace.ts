/** `steelyard trace judge|show|convert`. */
import { exchangeText } from "../../conformance/mdalp/capture/trace-text.ts";
import { printError, runRoleCommand } from "./role-command.ts";
import type { RoleCommand } from "./role-command.ts";
import { convertCommand } from "./trace-convert.ts";
import { onePath, readTraceInput } from "./trace-input.ts";
import { judgeCommand } from "./trace-judge.ts";
import { EXIT, UsageError } from "./usage.ts";

const COMMANDS: Readonly<Record<string, RoleCommand>> = {
  judge: judgeCommand,
  show: {
    usage: "FILE",
    summary: "lists the datagrams of a capture (pcap, pcapng, .trace)",
    options: [],
    example: "steelyard trace show transfer.pcapng",
    run(args) {
      return Promise.resolve(show(args));
    },
  },
  convert: convertCommand,
};

export function traceCommand(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return runRoleCommand(`trace ${name}`, command, rest);
  if (name !== undefined && name !== "--help" && name !== "-h") {
    throw new UsageError(
      `no command trace ${JSON.stringify(name)}; there is ${Object.keys(COMMANDS).join(", ")}`,
    );
  }
  for (const [key, { usage, summary }] of Object.entries(COMMANDS)) {
    console.log(`  steelyard trace ${key} ${usage}   ${summary}`);
  }
  return Promise.resolve(EXIT.conforms);
}

/** 0, or 3 where there is nothing to list. */
function show(args: readonly string[]): number {
  const traffic = readTraceInput(onePath(args));
  if (traffic.datagrams.length === 0) {
    printError("the capture holds no datagram on UDP");
    return EXIT.incomplete;
  }
  console.log(exchangeText(traffic));
  return EXIT.conforms;
}
