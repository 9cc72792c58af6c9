/** A transfer on loopback with latencies and losses: orchestrator, receivers and client in this process. */
import { udp } from "../net/mod.ts";
import type { UdpDriver } from "../net/mod.ts";
import { randomSource } from "../redirect/mod.ts";
import { transfer, transferParts } from "./client.ts";
import type { TransferOptions, TransferParts, TransferResult } from "./client.ts";
import { impaired } from "./impaired.ts";
import { startLoopbackServers } from "./loopback-servers.ts";
import type { LoopbackAddresses } from "./loopback-servers.ts";
import type { RetransmissionTimeout } from "./timeout.ts";

export interface LoopbackTransfer extends LoopbackSending {
  /** The share of data packets that is lost, 0 to 1. */
  readonly loss: number;
  readonly seed: number;
  /** One place of 127.NETWORK.0.0/24, 0 to 255, that no other transfer has at the same time. */
  readonly network: number;
  /** Milliseconds after which the transaction is given up. */
  readonly limitMs: number;
  readonly split: TransferParts["split"];
}

/** The client's part of it. */
export interface LoopbackSending {
  readonly payload: Uint8Array;
  /** Milliseconds that each receiver's packets are late; 0 has none at all. */
  readonly latenciesMs: readonly number[];
  /** Milliseconds without an ack after which a receiver counts as dead. */
  readonly giveUpMs: number;
  /** All to the receiver of this number, from 0; undefined shares the payload out. */
  readonly only: number | undefined;
  readonly timeout: () => RetransmissionTimeout;
  readonly signal?: AbortSignal;
}

/** What the client measured, and what the orchestrator says of it. */
export interface LoopbackResult extends TransferResult {
  readonly verdict: string;
}

/** Rejects as `transfer` does. */
export async function loopbackTransfer(options: LoopbackTransfer): Promise<LoopbackResult> {
  const { latenciesMs, network, limitMs, split } = options;
  const servers = await startLoopbackServers({
    prefix: `127.${network}.0`,
    paths: latenciesMs.map((_, i) => pathTo(i, options)),
    limitMs,
  });
  try {
    const result = await sendOnLoopback(servers, options, { ...transferParts, split });
    servers.finish();
    return { ...result, verdict: (await servers.report).result };
  } finally {
    await servers.close();
  }
}

/** Sends to servers on loopback, wherever they run, with the latencies known. Rejects as `transfer` does. */
export function sendOnLoopback(
  { client, orchestrator, receivers, receiverPort }: LoopbackAddresses,
  options: LoopbackSending,
  parts: TransferParts = transferParts,
): Promise<TransferResult> {
  const sending: TransferOptions = {
    ...options,
    orchestrator,
    local: client,
    receiverPort,
    intentAgainMs: 1000,
    planMs: 10_000,
    say() {},
  };
  return transfer(sending, {
    ...parts,
    // What a ping would find; where there is no latency all are equal.
    latency: (address) => Promise.resolve(options.latenciesMs[receivers.indexOf(address)] || 1),
  });
}

/**
 * Each receiver's losses have a seed of their own: the nth packet that comes to it has the same fate
 * whatever the other receivers and the timeout do.
 */
export function lossesTo(receiver: number, seed: number): () => number {
  // Small seeds would give small numbers first, and so a loss at the start of each transfer.
  return randomSource(Math.imul(seed * 16 + receiver, 0x9e3779b1));
}

function pathTo(receiver: number, { latenciesMs, loss, seed }: LoopbackTransfer): UdpDriver {
  const delayMs = latenciesMs[receiver] as number;
  if (delayMs === 0 && loss === 0) return udp;
  return impaired(udp, { delayMs, loss, random: lossesTo(receiver, seed) });
}
