/** A transfer on loopback with latencies and losses: orchestrator, receivers and client in this process. */
import { udp } from "../net/mod.ts";
import type { UdpDriver } from "../net/mod.ts";
import { randomSource } from "../redirect/mod.ts";
import { deferred } from "./deferred.ts";
import { transfer, transferParts } from "./client.ts";
import type { TransferParts, TransferResult } from "./client.ts";
import { impaired } from "./impaired.ts";
import { startOrchestrator } from "./orchestrator.ts";
import { receiverParts, startReceiver } from "./receiver.ts";
import type { RunningReceiver } from "./receiver.ts";
import type { RetransmissionTimeout } from "./timeout.ts";

export interface LoopbackTransfer {
  readonly payload: Uint8Array;
  /** Milliseconds that each receiver's packets are late; 0 has none at all. */
  readonly latenciesMs: readonly number[];
  /** The share of data packets that is lost, 0 to 1. */
  readonly loss: number;
  readonly seed: number;
  /** One place of 127.NETWORK.0.0/16, 0 to 255, that no other transfer has at the same time. */
  readonly network: number;
  /** Milliseconds after which the transaction is given up. */
  readonly limitMs: number;
  /** Milliseconds without an ack after which a receiver counts as dead. */
  readonly giveUpMs: number;
  /** All to the receiver of this number, from 0; undefined shares the payload out. */
  readonly only: number | undefined;
  readonly split: TransferParts["split"];
  readonly timeout: () => RetransmissionTimeout;
}

/** What the client measured, and what the orchestrator says of it. */
export interface LoopbackResult extends TransferResult {
  readonly verdict: string;
}

/** Rejects as `transfer` does. */
export async function loopbackTransfer(options: LoopbackTransfer): Promise<LoopbackResult> {
  const { latenciesMs, network, limitMs } = options;
  const { promise: verdict, resolve: ended } = deferred<string>();
  const orchestrator = await startOrchestrator({
    at: { host: `127.${network}.0.1`, port: 0 },
    link: { host: `127.${network}.0.1`, port: 0 },
    limitMs,
    // Silence decides nothing here: how long it may be depends on latencies and losses.
    quietMs: limitMs,
    log(event, fields) {
      if (event === "ended") ended(String(fields?.result));
    },
  });
  const receivers: RunningReceiver[] = [];
  try {
    let port = 0;
    for (const i of latenciesMs.keys()) {
      const receiver = await startReceiver({
        at: { host: `127.${network}.0.${i + 2}`, port },
        orchestrator: { host: `127.${network}.0.1`, port: orchestrator.linkPort },
        log() {},
      }, { ...receiverParts, driver: pathTo(i, options) });
      receivers.push(receiver);
      port = receiver.port;
    }
    const result = await transfer({
      ...options,
      orchestrator: { host: `127.${network}.0.1`, port: orchestrator.port },
      local: { host: `127.${network}.1.1`, port: 0 },
      receiverPort: port,
      intentAgainMs: 1000,
      planMs: 10_000,
      say() {},
    }, {
      ...transferParts,
      // What a ping would find; where there is no latency all are equal.
      latency: (address) => Promise.resolve(latenciesMs[Number(address.split(".")[3]) - 2] || 1),
      split: options.split,
    });
    orchestrator.finish();
    return { ...result, verdict: await verdict };
  } finally {
    for (const receiver of receivers) receiver.close();
    await orchestrator.close();
  }
}

/**
 * Each receiver's losses have a seed of their own: the nth packet that comes to it has the same fate
 * whatever the other receivers and the timeout do.
 */
function pathTo(receiver: number, { latenciesMs, loss, seed }: LoopbackTransfer): UdpDriver {
  const delayMs = latenciesMs[receiver] as number;
  if (delayMs === 0 && loss === 0) return udp;
  // Small seeds would give small numbers first, and so a loss at the start of each transfer.
  const random = randomSource(Math.imul(seed * 16 + receiver, 0x9e3779b1));
  return impaired(udp, { delayMs, loss, random });
}
