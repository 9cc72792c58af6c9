/**
 * What is known of a transaction while it runs, and whether it is over. MDALP has no last message, so
 * the end is inferred: from a packet that is shorter than the others, or from silence.
 */
import type { Buffer } from "node:buffer";
import type { UdpAddress } from "../net/mod.ts";

/** What a receiver had so far. */
export interface Taken {
  packets: number;
  bytes: number;
  /** Packets that came again: the client's timeouts, as far as they are seen here. */
  timeouts: number;
  /** The packet of the highest SEQ. */
  last: { readonly seq: number; readonly bytes: number };
  /** How many packets there are of each size in bytes. */
  readonly sizes: Map<number, number>;
  /** When the last new packet came; undefined before the first. */
  lastMs: number | undefined;
}

/**
 * `open` with a gap, or before any packet. `certain` when nothing can follow: no gap, every receiver
 * has had a packet, and the highest one is shorter than the largest, as only a last one is (rule
 * full-packets), of a client that has kept that rule so far. `likely` when there is no gap but the
 * payload might go on: silence decides.
 */
export type End = "open" | "likely" | "certain";

export class Transaction<Receiver> {
  readonly tid: number;
  readonly client: UdpAddress;
  readonly receivers: readonly Receiver[];
  /** When the plan was sent, and before it when the transaction was made. */
  startedMs = performance.now();
  /** The same as ISO 8601, UTC. */
  started = new Date().toISOString();
  /** Milliseconds, the longest between two new packets, whoever they came to. */
  longestGapMs = 0;
  readonly taken: Map<Receiver, Taken>;
  /** Packets of all receivers, in any order. */
  readonly parts: { readonly seq: number; readonly payload: Buffer }[] = [];
  readonly #seqs = new Set<number>();
  #highest: { readonly seq: number; readonly bytes: number } = { seq: -1, bytes: 0 };
  #largestBytes = 0;
  #lastMs: number | undefined;

  constructor(tid: number, client: UdpAddress, receivers: readonly Receiver[]) {
    this.tid = tid;
    this.client = client;
    this.receivers = receivers;
    this.taken = new Map(receivers.map((one) => [one, {
      packets: 0,
      bytes: 0,
      timeouts: 0,
      last: { seq: -1, bytes: 0 },
      sizes: new Map(),
      lastMs: undefined,
    }]));
  }

  /** The client's plan is on its way: from here on its time counts. */
  planned(nowMs: number): void {
    this.startedMs = nowMs;
    this.started = new Date().toISOString();
  }

  /** Different packets so far. */
  get packets(): number {
    return this.#seqs.size;
  }

  took(
    receiver: Receiver,
    packet: { readonly seq: number; readonly bytes: number; readonly copy: boolean },
    nowMs: number,
  ): void {
    const taken = this.taken.get(receiver);
    if (!taken) return;
    if (packet.copy) {
      taken.timeouts++;
      return;
    }
    taken.packets++;
    taken.bytes += packet.bytes;
    taken.lastMs = nowMs;
    taken.sizes.set(packet.bytes, (taken.sizes.get(packet.bytes) ?? 0) + 1);
    if (packet.seq > taken.last.seq) taken.last = packet;
    this.longestGapMs = Math.max(this.longestGapMs, nowMs - (this.#lastMs ?? nowMs));
    this.#lastMs = nowMs;
    this.#seqs.add(packet.seq);
    this.#largestBytes = Math.max(this.#largestBytes, packet.bytes);
    if (packet.seq > this.#highest.seq) this.#highest = packet;
  }

  get end(): End {
    if (this.#seqs.size === 0 || this.#highest.seq !== this.#seqs.size - 1) return "open";
    if (this.#highest.bytes === this.#largestBytes) return "likely";
    return [...this.taken.values()].every((one) => this.#keepsFull(one)) ? "certain" : "likely";
  }

  /** Whether all packets but its last are of the largest size. */
  #keepsFull({ packets, sizes, last }: Taken): boolean {
    const largest = sizes.get(this.#largestBytes) ?? 0;
    return packets > 0 && packets === largest + (last.bytes < this.#largestBytes ? 1 : 0);
  }
}
