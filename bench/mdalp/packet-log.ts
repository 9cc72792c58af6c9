/** What becomes of each data packet of a transfer, seen at its senders. */
import { Sender } from "../../src/mdalp/mod.ts";
import type { Packet, SenderOptions, ShareSender } from "../../src/mdalp/mod.ts";
import { latencyHistogram, recordUs } from "../histogram.ts";
import type { LatencyHistogram } from "../histogram.ts";
import type { SequencePoint } from "../model.ts";

/** Points of a chart: more cannot be told apart, and would be most of a report's bytes. */
export const MOST_POINTS = 2000;

export class PacketLog {
  /** Microseconds from a packet's first sending until its ack, those sent again included. */
  readonly roundTrips: LatencyHistogram = latencyHistogram();
  /** Of performance.now(); undefined before the first packet and the first ack. */
  firstMs: number | undefined;
  lastMs: number | undefined;
  readonly #nameOf: (receiver: string) => string;
  readonly #points: SequencePoint[] = [];

  /** `nameOf` has the name of a receiver of `HOST:PORT`. */
  constructor(nameOf: (receiver: string) => string) {
    this.#nameOf = nameOf;
  }

  /** A sender that is seen here. */
  sender(options: SenderOptions): ShareSender {
    const receiver = this.#nameOf(options.receiver);
    let inFlight: { readonly packet: Packet; readonly sentMs: number } | undefined;
    let acknowledged = 0;
    return new Sender({
      ...options,
      send: (datagram) => {
        const nowMs = performance.now();
        const packet = options.packets[acknowledged] as Packet;
        const again = inFlight?.packet === packet;
        if (!again) inFlight = { packet, sentMs: nowMs };
        this.firstMs ??= nowMs;
        this.#note(nowMs, receiver, packet.seq, again ? "again" : "sent");
        options.send(datagram);
      },
      onProgress: (count) => {
        const nowMs = performance.now();
        acknowledged = count;
        this.lastMs = nowMs;
        if (!inFlight) return;
        recordUs(this.roundTrips, (nowMs - inFlight.sentMs) * 1000);
        this.#note(nowMs, receiver, inFlight.packet.seq, "acked");
        options.onProgress?.(count);
      },
    });
  }

  #note(nowMs: number, receiver: string, sequence: number, kind: SequencePoint["kind"]): void {
    this.#points.push({ ms: nowMs - (this.firstMs ?? nowMs), receiver, sequence, kind });
  }

  /** Everything of each nth packet, n so that there are no more than 2000 points. */
  sequence(): readonly SequencePoint[] {
    for (let every = 1;; every++) {
      const kept = every === 1
        ? this.#points
        : this.#points.filter(({ sequence }) => sequence % every === 0);
      if (kept.length <= MOST_POINTS || every > this.#points.length) return kept;
    }
  }
}
