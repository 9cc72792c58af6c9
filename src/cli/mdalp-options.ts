/**
 * What the commands of MDALP that send have in common. Not by way of its mod.ts, which would load the
 * other roles with each client that a check starts.
 */
import { readFileSync } from "node:fs";
import type { TransferParts, TransferResult } from "../mdalp/client.ts";
import { splitByInverseLatency, splitGreedily } from "../mdalp/split.ts";
import { adaptiveTimeout, fixedTimeout } from "../mdalp/timeout.ts";
import type { RetransmissionTimeout } from "../mdalp/timeout.ts";
import { oneOf, UsageError, wholeNumber } from "./usage.ts";

export const SENDING_OPTIONS: readonly (readonly [flags: string, help: string])[] = [
  ["--no-balance", "send everything to one receiver"],
  ["--server <number>", "the receiver of --no-balance, from 1 (default: 1)"],
  [
    "--split <how>",
    "shares by 1/latency (inverse), or each next packet to who is done first (greedy); none under " +
    "10 % (default: inverse)",
  ],
  ["--timeout <how>", "when a packet is sent again: fixed (3 s) or adaptive (default: adaptive)"],
];

const SPLITS = { inverse: splitByInverseLatency, greedy: splitGreedily } as const;
const TIMEOUTS = { adaptive: () => adaptiveTimeout(), fixed: () => fixedTimeout() } as const;

export function splitOf(options: Record<string, unknown>): TransferParts["split"] {
  return SPLITS[oneOf(options, "split", ["inverse", "greedy"]) ?? "inverse"];
}

export function timeoutOf(options: Record<string, unknown>): () => RetransmissionTimeout {
  return TIMEOUTS[oneOf(options, "timeout", ["fixed", "adaptive"]) ?? "adaptive"];
}

/** The receiver of --no-balance, from 0; undefined where the payload is shared out. */
export function onlyOf(options: Record<string, unknown>, most: number): number | undefined {
  const server = wholeNumber(options, "server", { least: 1, most });
  if (options.balance === false) return (server ?? 1) - 1;
  if (server === undefined) return undefined;
  throw new UsageError(`--server ${server} chooses the receiver of --no-balance; give both`);
}

export function readPayload(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

/** One line a receiver, and the whole. */
export function resultText(
  { tid, bytes, receivers, makespanMs, measured }: TransferResult,
): string {
  const lines = receivers.map(({ receiver, packets, timeouts, latencyMs, elapsedMs }) => {
    const latency = latencyMs === undefined ? "" : `, ${measured} ${latencyMs.toFixed(0)} ms`;
    const seconds = (elapsedMs / 1000).toFixed(2);
    return `  ${receiver.address}: ${packets} packets, ${timeouts} timeouts, ${seconds} s${latency}`;
  });
  return [`transaction ${tid}: ${bytes} bytes in ${(makespanMs / 1000).toFixed(2)} s`, ...lines]
    .join("\n");
}
