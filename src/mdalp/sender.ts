/**
 * Stop-and-wait to one receiver: one packet in flight, sent again when its time is out, until all are
 * acknowledged or the receiver counts as dead. Source: spec/mdalp, rules stop-and-wait, retransmits,
 * ack-checked and duplicate-ack.
 */
import { PAYLOAD_BYTES, writeData } from "./message.ts";
import type { RetransmissionTimeout } from "./timeout.ts";

export interface SenderOptions {
  readonly tid: number;
  /** The SEQ of the first packet of this receiver. */
  readonly firstSeq: number;
  /** The receiver's part of the payload. */
  readonly payload: Uint8Array;
  readonly timeout: RetransmissionTimeout;
  /** Milliseconds without any ack after which the receiver counts as dead. */
  readonly giveUpMs: number;
  send(datagram: Uint8Array): void;
  /** Told after each packet that is acknowledged. */
  onProgress?(packets: number): void;
  readonly clock?: Clock;
}

/** Time, so that tests need not wait for it. */
export interface Clock {
  now(): number;
  after(milliseconds: number, run: () => void): () => void;
}

export const realClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

export interface SenderFigures {
  readonly packets: number;
  /** Retransmissions. */
  readonly timeouts: number;
  /** Milliseconds from the first packet to the last ack. */
  readonly elapsedMs: number;
}

/** A receiver that stopped answering. */
export class ReceiverDead extends Error {
  readonly code = "receiver-dead";
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #clock: Clock;
  readonly #count: number;
  #next = 0;
  #timeouts = 0;
  #startedMs = 0;
  #sentMs = 0;
  #lastAckMs = 0;
  /** The packet in flight was sent more than once, so its round trip says nothing. */
  #again = false;
  #cancel: () => void = () => {};
  #resolve: (figures: SenderFigures) => void = () => {};
  #reject: (error: Error) => void = () => {};
  #done = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#count = Math.ceil(options.payload.length / PAYLOAD_BYTES);
  }

  /** Sends all; rejects with a ReceiverDead when no ack comes for so long. */
  run(): Promise<SenderFigures> {
    const finished = new Promise<SenderFigures>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#startedMs = this.#lastAckMs = this.#clock.now();
    this.#sendCurrent();
    return finished;
  }

  /** Stops without a result. */
  stop(): void {
    this.#done = true;
    this.#cancel();
  }

  /** An ack from this receiver's address, with this transaction's TID. */
  acknowledged(seq: number): void {
    // A late or repeated ack of an earlier packet must not move past the one in flight.
    if (this.#done || seq !== this.#options.firstSeq + this.#next) return;
    this.#cancel();
    const now = this.#clock.now();
    if (!this.#again) this.#options.timeout.measured(now - this.#sentMs);
    this.#lastAckMs = now;
    this.#next++;
    this.#again = false;
    this.#options.onProgress?.(this.#next);
    this.#sendCurrent();
  }

  #sendCurrent(): void {
    if (this.#next === this.#count) {
      this.#done = true;
      this.#resolve({
        packets: this.#count,
        timeouts: this.#timeouts,
        elapsedMs: this.#clock.now() - this.#startedMs,
      });
      return;
    }
    const { tid, firstSeq, payload, timeout } = this.#options;
    const part = payload.subarray(this.#next * PAYLOAD_BYTES, (this.#next + 1) * PAYLOAD_BYTES);
    this.#sentMs = this.#clock.now();
    this.#options.send(writeData(tid, firstSeq + this.#next, part));
    this.#cancel = this.#clock.after(timeout.currentMs, () => this.#expired());
  }

  #expired(): void {
    const silentMs = this.#clock.now() - this.#lastAckMs;
    if (silentMs >= this.#options.giveUpMs) {
      this.#done = true;
      const seconds = (silentMs / 1000).toFixed(0);
      this.#reject(new ReceiverDead(`no ack for ${seconds} s; the receiver seems to be down`));
      return;
    }
    this.#timeouts++;
    this.#again = true;
    this.#options.timeout.expired();
    this.#sendCurrent();
  }
}
