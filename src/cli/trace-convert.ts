/** `steelyard trace convert IN OUT`: from a capture to a `.trace` file, or from that to a pcapng. */
import { existsSync } from "node:fs";
import { basename, extname } from "node:path";
import { recordedOf } from "../../conformance/mdalp/capture/recorded-datagram.ts";
import { writePcapng } from "../../conformance/mdalp/capture/write-pcapng.ts";
import { TraceWriteError, writeTrace } from "../../conformance/mdalp/capture/write-trace.ts";
import { toFile } from "../../conformance/report/mod.ts";
import { printError } from "./role-command.ts";
import type { RoleCommand } from "./role-command.ts";
import { readTraceInput } from "./trace-input.ts";
import type { TraceInput } from "./trace-input.ts";
import { EXIT, UsageError } from "./usage.ts";

export const convertCommand: RoleCommand = {
  usage: "IN OUT",
  summary: "converts a capture (pcap, pcapng) to a .trace file, or a .trace file to pcapng",
  options: [["--force", "write OUT even where it exists"]],
  example: "steelyard trace convert transfer.pcapng transfer.trace",
  run: convert,
};

async function convert(args: readonly string[], options: Record<string, unknown>): Promise<number> {
  const [from, to, extra] = args;
  if (from === undefined || to === undefined) {
    throw new UsageError("trace convert needs two files: IN and OUT");
  }
  if (extra !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(extra)}`);
  const target = targetOf(to);
  if (options.force !== true && existsSync(to)) {
    throw new UsageError(`${to} exists already; name another file, or add --force to replace it`);
  }
  const input = readTraceInput(from);
  if (target === "trace" && input.format === "trace") {
    throw new UsageError(`${from} is a .trace already; name OUT with .pcapng`);
  }
  if (target === "pcapng" && input.format !== "trace") {
    throw new UsageError(`${from} is a capture already; name OUT with .trace`);
  }
  const output = target === "trace" ? asTrace(input, from) : asPcapng(input, from);
  try {
    await toFile(to, output);
  } catch (error) {
    throw new UsageError(`${to} cannot be written: ${(error as Error).message}`);
  }
  return EXIT.conforms;
}

function targetOf(path: string): "trace" | "pcapng" {
  const ending = extname(path).toLowerCase();
  if (ending === ".trace") return "trace";
  if (ending === ".pcapng") return "pcapng";
  const told = ending === ".pcap" ? "pcap is read, not written" : "what OUT is to be is unclear";
  throw new UsageError(`${path}: ${told}; end its name in .trace or .pcapng`);
}

function asTrace(input: TraceInput, from: string): string {
  try {
    const { text, notes } = writeTrace(input.datagrams, basename(from));
    for (const note of notes) printError(`${from}: ${note}`);
    if (input.otherPackets > 0) {
      printError(
        `${from}: ${input.otherPackets} packet(s) that are no whole UDP datagram are left out`,
      );
    }
    return text;
  } catch (error) {
    if (error instanceof TraceWriteError) throw new UsageError(`${from}: ${error.message}`);
    throw error;
  }
}

function asPcapng({ datagrams }: TraceInput, from: string): Uint8Array {
  try {
    const comment = `converted from ${basename(from)}`;
    return writePcapng(datagrams.map(recordedOf), { comment });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${from}: ${error.message}`);
    throw error;
  }
}
