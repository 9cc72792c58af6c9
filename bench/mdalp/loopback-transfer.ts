/** One transfer of the reference on loopback: orchestrator, receivers and client in this process. */
import type { Buffer } from "node:buffer";
import {
  impaired,
  receiverParts,
  RESULTS,
  startOrchestrator,
  startReceiver,
  transfer,
  transferParts,
} from "../../src/mdalp/mod.ts";
import type {
  RetransmissionTimeout,
  RunningReceiver,
  TransferParts,
  TransferResult,
} from "../../src/mdalp/mod.ts";
import { udp } from "../../src/net/mod.ts";
import type { UdpDriver } from "../../src/net/mod.ts";
import { randomSource } from "../../src/redirect/mod.ts";

export interface LoopbackTransfer {
  readonly payload: Buffer;
  /** Milliseconds that each receiver's packets are late; 0 has none at all. */
  readonly latenciesMs: readonly number[];
  /** The share of data packets that is lost, 0 to 1. */
  readonly loss: number;
  readonly seed: number;
  /** One place of 127.NETWORK.0.0/16, 1 to 255, that no other transfer has at the same time. */
  readonly network: number;
  /** Milliseconds of silence after which the orchestrator takes a transaction without a gap as done. */
  readonly quietMs: number;
  readonly split: TransferParts["split"];
  readonly timeout: () => RetransmissionTimeout;
}

/** A transfer whose payload did not arrive, so that its time says nothing. */
export class Undelivered extends Error {
  readonly code = "undelivered";
}

/**
 * For `quietMs` under loss, above every retransmission timeout: where what is missing is the end of the
 * last receiver's share, the orchestrator sees no gap, and would take the wait for the end.
 */
export const QUIET_UNDER_LOSS_MS = 9000;
const LIMIT_MS = 600_000;

/** Rejects with an Undelivered, or as `transfer` does. */
export async function loopbackTransfer(options: LoopbackTransfer): Promise<TransferResult> {
  const { latenciesMs, network, payload } = options;
  let ended = (_result: string) => {};
  const verdict = new Promise<string>((resolve) => ended = resolve);
  let expected = latenciesMs.length;
  let gathered = () => {};
  const ready = new Promise<void>((resolve) => gathered = resolve);
  const orchestrator = await startOrchestrator({
    at: { host: `127.${network}.0.1`, port: 0 },
    link: { host: `127.${network}.0.1`, port: 0 },
    limitMs: LIMIT_MS,
    quietMs: options.quietMs,
    log(event, fields) {
      if (event === "receiver" && --expected === 0) gathered();
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
    // A plan has those who have said hello by then.
    await ready;
    const result = await transfer({
      orchestrator: { host: `127.${network}.0.1`, port: orchestrator.port },
      local: { host: `127.${network}.1.1`, port: 0 },
      receiverPort: port,
      payload,
      only: undefined,
      intentAgainMs: 1000,
      planMs: 10_000,
      giveUpMs: 120_000,
      timeout: options.timeout,
      say() {},
    }, {
      ...transferParts,
      // What a ping would find; where there is no latency all are equal.
      latency: (address) => Promise.resolve(latenciesMs[Number(address.split(".")[3]) - 2] || 1),
      split: options.split,
    });
    const told = await verdict;
    if (told !== RESULTS.completed) throw new Undelivered(`the orchestrator says: ${told}`);
    return result;
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
