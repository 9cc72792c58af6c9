/**
 * Stop-and-wait to one receiver: one packet in flight, sent again when its time is out, until all are
 * acknowledged or the receiver counts as dead. Source: spec/mdalp, rules stop-and-wait, retransmits,
 * ack-checked and duplicate-ack.
 */
import type { Packet } from "./packets.ts";
import { writeData } from "./message.ts";
import type { RetransmissionTimeout } from "./timeout.ts";

export interface SenderOptions {
  readonly tid: number;
  /** The receiver, as it is named in an error. */
  readonly receiver: string;
  /** This receiver's packets, in the order of sending. */
  readonly packets: readonly Packet[];
  readonly timeout: RetransmissionTimeout;
  /** Milliseconds without an ack that counts after which the receiver is dead. */
  readonly giveUpMs: number;
  send(datagram: Uint8Array): void;
  /** Told after each packet that is acknowledged. */
  onProgress?(packets: number): void;
  /** Whether an ack is of the packet in flight; by default when its SEQ is that packet's. */
  readonly isOfFlight?: (ackedSeq: number, seqInFlight: number) => boolean;
  readonly clock?: Clock;
}

/** Time, so that tests need not wait for it. */
export interface Clock {
  now(): number;
  after(milliseconds: number, run: () => void): () => void;
}

const realClock: Clock = {
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

/** A receiver that stopped answering: how far it came, and what to do. */
export class ReceiverDead extends Error {
  readonly code = "receiver-dead";

  constructor(receiver: string, acknowledged: number, packets: number, silentMs: number) {
    const seconds = Number((silentMs / 1000).toFixed(1));
    super(
      `receiver ${receiver} acknowledged ${acknowledged} of ${packets} packets, then nothing for ` +
        `${seconds} s; see that it runs and that UDP reaches it, then send the file again`,
    );
    this.name = "ReceiverDead";
  }
}

/** A packet on its way, or the one before it. */
interface Sending {
  readonly seq: number;
  readonly firstMs: number;
  copies: number;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #clock: Clock;
  #acknowledged = 0;
  #timeouts = 0;
  #startedMs = 0;
  #lastAckMs = 0;
  #flight: Sending | undefined;
  /** The last packet that was sent more than once, until it is known which sending was answered. */
  #ambiguous: { readonly seq: number; readonly roundTripMs: number } | undefined;
  #cancel: () => void = () => {};
  #resolve: (figures: SenderFigures) => void = () => {};
  #reject: (error: Error) => void = () => {};
  #done = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
  }

  /** Sends all; rejects with a ReceiverDead when no ack comes for so long. */
  run(): Promise<SenderFigures> {
    const finished = new Promise<SenderFigures>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#startedMs = this.#lastAckMs = this.#clock.now();
    this.#sendNext();
    return finished;
  }

  /** Stops without a result. */
  stop(): void {
    this.#done = true;
    this.#cancel();
  }

  /** An ack from this receiver's address, with this transaction's TID. */
  acknowledged(seq: number): void {
    const flight = this.#flight;
    if (this.#done || !flight) return;
    const { isOfFlight = sameSeq } = this.#options;
    // A late or repeated ack of an earlier packet must not move past the one in flight.
    if (!isOfFlight(seq, flight.seq)) return this.#repeated(seq);
    this.#cancel();
    this.#lastAckMs = this.#clock.now();
    this.#learn(flight, this.#lastAckMs - flight.firstMs);
    this.#acknowledged++;
    this.#options.onProgress?.(this.#acknowledged);
    this.#sendNext();
  }

  #learn(flight: Sending, roundTripMs: number): void {
    const { timeout } = this.#options;
    this.#ambiguous = undefined;
    if (flight.copies === 0) return timeout.measured(roundTripMs);
    timeout.recovered();
    if (flight.copies === 1) this.#ambiguous = { seq: flight.seq, roundTripMs };
  }

  /** A second ack of a packet that was sent twice: neither was lost, and the first ack was the first's. */
  #repeated(seq: number): void {
    if (this.#ambiguous?.seq !== seq) return;
    this.#options.timeout.measured(this.#ambiguous.roundTripMs);
    this.#ambiguous = undefined;
  }

  #sendNext(): void {
    const next = this.#options.packets[this.#acknowledged];
    if (next) {
      this.#flight = { seq: next.seq, firstMs: this.#clock.now(), copies: 0 };
      return this.#sendFlight(next);
    }
    this.#done = true;
    this.#resolve({
      packets: this.#acknowledged,
      timeouts: this.#timeouts,
      elapsedMs: this.#clock.now() - this.#startedMs,
    });
  }

  #sendFlight({ seq, payload }: Packet): void {
    const { tid, timeout, giveUpMs, send } = this.#options;
    send(writeData(tid, seq, payload));
    // The end of all patience need not be a multiple of the timeouts.
    const leftMs = Math.max(0, this.#lastAckMs + giveUpMs - this.#clock.now());
    if (leftMs > timeout.currentMs) {
      this.#cancel = this.#clock.after(timeout.currentMs, () => this.#expired());
    } else {
      this.#cancel = this.#clock.after(leftMs, () => this.#giveUp());
    }
  }

  #expired(): void {
    const packet = this.#options.packets[this.#acknowledged];
    if (!packet || !this.#flight) return;
    this.#timeouts++;
    this.#flight.copies++;
    this.#options.timeout.expired();
    this.#sendFlight(packet);
  }

  #giveUp(): void {
    this.#done = true;
    const { receiver, packets } = this.#options;
    const silentMs = this.#clock.now() - this.#lastAckMs;
    this.#reject(new ReceiverDead(receiver, this.#acknowledged, packets.length, silentMs));
  }
}

function sameSeq(ackedSeq: number, seqInFlight: number): boolean {
  return ackedSeq === seqInFlight;
}
