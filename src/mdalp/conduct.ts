/**
 * Leads one transaction from its opening at the receivers over the plan to its report, and ends it
 * whatever happens: a receiver that goes, one that hangs, a client that falls silent, the limit.
 */
import { Buffer } from "node:buffer";
import type { UdpAddress } from "../net/mod.ts";
import type { OrchestratorLine } from "./link-lines.ts";
import type { Link } from "./link.ts";
import type { Receiver } from "./message.ts";
import { Transaction } from "./transaction.ts";
import { reportOf } from "./transaction-report.ts";
import type { TransactionReport } from "./transaction-report.ts";
import type { Result } from "./verdict.ts";

/** A receiver that is linked. */
export interface Connected {
  readonly link: Link<OrchestratorLine>;
  /** Empty until it has said it. */
  address: string;
}

export interface ConductOptions {
  readonly limitMs: number;
  readonly quietMs: number;
  readonly answerMs?: number;
  readonly log: (event: string, fields?: Record<string, string | number>) => void;
  result(complete: boolean, violation: boolean): Result;
  sendPlan(receivers: readonly Receiver[]): void;
  /** Called once, last, unless it was abandoned. */
  onEnd(report: TransactionReport): void;
  /** A receiver was lost before there was a plan: the client has lost nothing but its turn. */
  onAbandoned(): void;
}

/**
 * After a certain end, at least, for copies whose first ack was lost: they count as timeouts, and a
 * client whose packets are of uneven length may yet send on.
 */
const LINGER_MS = 500;
/** And so many times the longest that the client took between two packets. */
const LINGER_GAPS = 4;
/** A receiver answers at once, or it hangs. */
const ANSWER_MS = 5000;

type Phase = "opening" | "sending" | "closing" | "over";
type Timer = ReturnType<typeof setTimeout>;

export class Conduct {
  readonly transaction: Transaction<Connected>;
  readonly #options: ConductOptions;
  #phase: Phase = "opening";
  /** Receivers whose answer the phase waits for. */
  readonly #unanswered: Set<Connected>;
  /** Ended while more might have come. */
  #cut = false;
  #limit: Timer | undefined;
  #end: Timer | undefined;
  #answers: Timer | undefined;

  constructor(
    tid: number,
    client: UdpAddress,
    receivers: readonly Connected[],
    options: ConductOptions,
  ) {
    this.transaction = new Transaction(tid, client, receivers);
    this.#options = options;
    this.#unanswered = new Set(receivers);
  }

  start(): void {
    const { limitMs } = this.#options;
    this.#limit = setTimeout(() => this.#close("limit", !this.#certain), limitMs);
    this.#await({ open: this.transaction.tid });
  }

  stop(): void {
    this.#phase = "over";
    this.#stopTimers();
  }

  get #certain(): boolean {
    return this.transaction.end === "certain";
  }

  /** Sends a line to those whose answer is awaited, and cuts off who does not give it. */
  #await(line: OrchestratorLine): void {
    for (const { link } of this.#unanswered) link.send(line);
    this.#answers = setTimeout(() => {
      for (const { link, address } of this.#unanswered) {
        this.#options.log("receiver-hangs", { address });
        link.close();
      }
    }, this.#options.answerMs ?? ANSWER_MS);
  }

  opened(receiver: Connected): void {
    if (this.#phase !== "opening" || !this.#unanswered.delete(receiver)) return;
    if (this.#unanswered.size > 0) return;
    clearTimeout(this.#answers);
    this.#phase = "sending";
    this.transaction.planned(performance.now());
    this.#plan();
  }

  /** The client's plan may have been lost; once data came it was not. */
  askedAgain(): void {
    if (this.#phase === "sending" && this.transaction.packets === 0) this.#plan();
  }

  #plan(): void {
    const { tid, client, receivers } = this.transaction;
    this.#options.sendPlan(
      receivers.map(({ address }, i) => ({ address, name: `Receiver ${i + 1}` })),
    );
    this.#options.log("plan", { tid, client: `${client.host}:${client.port}` });
  }

  took(
    receiver: Connected,
    packet: { readonly seq: number; readonly bytes: number; readonly copy: boolean },
  ): void {
    if (this.#phase !== "sending" && this.#phase !== "closing") return;
    // While closing too: what a receiver said before it heard of the end is in what it hands over.
    this.transaction.took(receiver, packet, performance.now());
    if (this.#phase === "closing") return;
    clearTimeout(this.#end);
    const { end, longestGapMs } = this.transaction;
    if (end === "open") return;
    const { quietMs } = this.#options;
    const lingerMs = Math.max(LINGER_MS, LINGER_GAPS * longestGapMs);
    const waitMs = end === "certain" ? Math.min(lingerMs, quietMs) : quietMs;
    this.#end = setTimeout(() => this.#close(end, false), waitMs);
  }

  /** The client is known to be done. */
  finish(): void {
    if (this.#phase === "sending") this.#close("finished", false);
  }

  /** A receiver is gone, and with it what it had. */
  lost(receiver: Connected): void {
    if (!this.transaction.receivers.includes(receiver)) return;
    if (this.#phase === "opening") return this.#abandon(receiver);
    if (this.#phase === "sending") return this.#close("receiver-gone", true, receiver);
    if (this.#phase === "over" || !this.#unanswered.delete(receiver)) return;
    this.#cut = true;
    this.#reportOnceAnswered();
  }

  #abandon(gone: Connected): void {
    this.stop();
    for (const other of this.transaction.receivers) {
      if (other !== gone) other.link.send({ close: this.transaction.tid });
    }
    this.#options.onAbandoned();
  }

  /** Asks the receivers for what they have. */
  #close(why: string, cut: boolean, without?: Connected): void {
    this.#stopTimers();
    this.#phase = "closing";
    this.#cut = cut;
    this.#options.log("close", { tid: this.transaction.tid, why });
    this.#unanswered.clear();
    for (const one of this.transaction.receivers) if (one !== without) this.#unanswered.add(one);
    this.#await({ close: this.transaction.tid });
    this.#reportOnceAnswered();
  }

  closed(receiver: Connected, parts: readonly (readonly [seq: number, base64: string])[]): void {
    if (this.#phase !== "closing" || !this.#unanswered.delete(receiver)) return;
    for (const [seq, base64] of parts) {
      this.transaction.parts.push({ seq, payload: Buffer.from(base64, "base64") });
    }
    this.#reportOnceAnswered();
  }

  #reportOnceAnswered(): void {
    if (this.#unanswered.size > 0) return;
    this.stop();
    this.#options.onEnd(reportOf(this.transaction, this.#cut, this.#options.result));
  }

  #stopTimers(): void {
    for (const timer of [this.#limit, this.#end, this.#answers]) clearTimeout(timer);
  }
}
