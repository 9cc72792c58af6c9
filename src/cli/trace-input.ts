/** Reads what `steelyard trace` is given: a capture or a `.trace` file, told apart by their bytes. */
import { readFileSync } from "node:fs";
import { GoldenError } from "../../conformance/engine/golden/parse.ts";
import { parseTrace } from "../../conformance/engine/golden/parse-trace.ts";
import { CaptureError, readCapture } from "../../conformance/mdalp/capture/capture-file.ts";
import { readTraffic } from "../../conformance/mdalp/capture/datagrams.ts";
import type { Traffic } from "../../conformance/mdalp/capture/datagrams.ts";
import { trafficOf } from "../../conformance/mdalp/capture/recorded-datagram.ts";
import { traceDatagrams } from "../../conformance/mdalp/capture/trace-datagrams.ts";
import { printError } from "./role-command.ts";
import { UsageError } from "./usage.ts";

export interface TraceInput extends Traffic {
  readonly format: "pcap" | "pcapng" | "trace";
  /** Packets of a capture that are no whole UDP datagram: pings, TCP, what could not be read. */
  readonly otherPackets: number;
}

/** Says on stderr what is wrong with a capture that can still be used. Throws a UsageError. */
export function readTraceInput(path: string): TraceInput {
  const bytes = readBytes(path);
  try {
    if (bytes.toString("latin1", 0, 4) === "### ") {
      const datagrams = traceDatagrams(parseTrace(path, bytes.toString("utf8")));
      return { format: "trace", ...trafficOf(datagrams), otherPackets: 0 };
    }
    const { format, frames, problems } = readCapture(bytes);
    for (const problem of problems) printError(`${path}: ${problem}; what came before is used`);
    const traffic = readTraffic(frames);
    return { format, ...traffic, otherPackets: frames.length - traffic.datagrams.length };
  } catch (error) {
    if (error instanceof CaptureError) {
      throw new UsageError(`${path}: ${error.message}, nor is it a .trace, which begins with ###`);
    }
    if (error instanceof GoldenError) throw new UsageError(error.message);
    throw error;
  }
}

/** Throws a UsageError that names the path. */
export function readBytes(path: string) {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

/** The only argument. */
export function onePath(args: readonly string[]): string {
  const [path, extra] = args;
  if (path === undefined) {
    throw new UsageError("no capture given; name a pcap, pcapng or .trace file");
  }
  if (extra !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(extra)}`);
  return path;
}
