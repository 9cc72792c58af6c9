/** One party of a golden trace that is played to a client, and its steps. */
import type { Buffer } from "node:buffer";
import { setTimeout as delay } from "node:timers/promises";
import type { UdpAddress } from "../../src/net/mod.ts";
import type { TraceStep } from "../engine/golden/parse-trace.ts";
import type { TracePattern } from "../engine/golden/trace-pattern.ts";
import type { CaseContext, Ended } from "../engine/run/context.ts";
import { PORT } from "./network.ts";
import { readable } from "./readable-trace.ts";
import { ackBytes, datagramText, seenMessage } from "./seen-message.ts";
import type { Party, Stage } from "./stage.ts";
import { traceBytes, traceMatches } from "./trace-values.ts";
import type { TraceValues } from "./trace-values.ts";

/** A program may start slowly and ping slowly. */
const NEXT_MS = 25_000;
/** Rule mdalp.client.retransmits says 10 s; a busy machine may be late. */
const AGAIN_MS = 11_000;
/** Of a datagram in a message of one line. */
const SHORT_CHARACTERS = 80;

export interface Problem {
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
}

interface Surroundings {
  readonly arrived: Map<number, Buffer>;
  readonly tids: Set<number>;
  /** Whatever is meant for an intent is one: what it lacks is judged by a rule of its own. */
  readonly anyIntent: boolean;
  actor(name: string): ClientActor | undefined;
  fail(problem: Problem): void;
  /** The golden cannot be played: no fault of the client's. */
  breaks(error: Error): void;
}

/** One party and its steps. */
export class ClientActor {
  readonly #context: CaseContext;
  readonly #name: string;
  readonly #steps: TraceStep[];
  readonly #values: TraceValues;
  readonly #around: Surroundings;
  readonly #seen = new Set<string>();
  readonly #acked = new Set<number>();
  #party: Party | undefined;
  #client: UdpAddress | undefined;
  #sinceMs = performance.now();
  #sending = false;

  constructor(
    context: CaseContext,
    name: string,
    steps: TraceStep[],
    values: TraceValues,
    around: Surroundings,
  ) {
    this.#context = context;
    this.#name = name;
    this.#steps = [...steps];
    this.#values = values;
    this.#around = around;
  }

  async open(stage: Stage, host: number): Promise<void> {
    const at = { host: stage.at(host).host, port: PORT };
    this.#party = await stage.party(this.#name, at, (bytes, from) => this.#arrived(bytes, from));
  }

  get done(): boolean {
    return this.#steps.length === 0 && !this.#sending;
  }

  /** Milliseconds until what is next is late. */
  leftMs(): number {
    const next = this.#steps[0];
    if (next?.direction !== "receive" || this.#sending) return NEXT_MS;
    return Math.max(1, this.#sinceMs + (next.again ? AGAIN_MS : NEXT_MS) - performance.now());
  }

  /** Reports what is late, or can come no more. */
  checkLate(end: Ended | undefined): void {
    const next = this.#steps[0];
    if (next?.direction !== "receive" || this.#sending) return;
    const late = performance.now() - this.#sinceMs > (next.again ? AGAIN_MS : NEXT_MS);
    if (!late && !end) return;
    const when = end ? "before the client ended" : `within ${next.again ? "10" : "25"} s`;
    const what = next.again ? "the same datagram did not come again" : "a datagram did not come";
    this.#around.fail({
      message: `${what} ${when}: the ${this.#title()} waits for ${this.#short(next)}`,
      expected: this.#expected(next),
      actual: end ? "the client ended" : "nothing more came",
    });
  }

  #title(): string {
    return this.#name === "orchestrator" ? this.#name : `receiver ${this.#name}`;
  }

  #short({ alternatives: [first = []] }: TraceStep): string {
    return readable(first, this.#values).slice(0, SHORT_CHARACTERS);
  }

  #expected({ again, alternatives }: TraceStep): string {
    const texts = alternatives.map((pattern) => readable(pattern, this.#values));
    return `${this.#name} gets${again ? " once more" : ""}\n${texts.join("\nor\n")}`;
  }

  #arrived(bytes: Buffer, from: UdpAddress): void {
    this.#client = { ...from };
    const message = seenMessage(bytes);
    if (message.type === "data") {
      this.#around.tids.add(message.tid);
      this.#around.arrived.set(message.seq, bytes.subarray(bytes.length - message.payload.length));
    }
    const key = bytes.toString("latin1");
    const before = this.#seen.has(key);
    const next = this.#steps[0];
    const waits = next?.direction === "receive" && !this.#sending;
    const asIntent = this.#around.anyIntent && message.type === "intent" &&
      this.#name === "orchestrator";
    const fits = waits && (!next.again || before) && (asIntent ||
      next.alternatives.some((pattern) => traceMatches(pattern, bytes, this.#values)));
    if (fits && next.again && performance.now() - this.#sinceMs > AGAIN_MS) {
      this.checkLate(undefined);
    }
    if (fits) {
      this.#seen.add(key);
      this.#steps.shift();
      this.#sinceMs = performance.now();
      this.#sendNext().catch((error) => {
        this.#around.breaks(error);
        this.#context.log.add("suite", `${this.#name} cannot go on: ${error.message}`);
      });
      return;
    }
    if (before || this.#tolerated(message.type)) return this.#again(bytes);
    if (this.#isProbe(bytes)) return this.#context.log.add(this.#name, "passes a probe over");
    if (next) return this.#unexpected(bytes, next);
    this.#seen.add(key);
    if (message.type === "data") this.#ack(message.tid, message.seq);
  }

  /** An odd intent is judged by the rule of intents, in a golden of that rule. */
  #tolerated(type: string): boolean {
    return this.#name === "orchestrator" && type === "intent" &&
      this.#seen.size > 0;
  }

  /** Some measure their receivers with datagrams of their own; the rules say nothing against it. */
  #isProbe(bytes: Buffer): boolean {
    return this.#name !== "orchestrator" && !/^type/i.test(bytes.toString("latin1", 0, 4));
  }

  /** A copy of what had its ack gets it again, as a receiver does. */
  #again(bytes: Buffer): void {
    const message = seenMessage(bytes);
    this.#context.log.add(this.#name, "has seen that before");
    if (message.type === "data" && this.#acked.has(message.seq)) {
      this.#ack(message.tid, message.seq);
    }
  }

  #ack(tid: number, seq: number): void {
    this.#send(ackBytes(tid, seq), this);
  }

  #unexpected(bytes: Buffer, next: TraceStep): void {
    const early = next.direction === "send" || this.#sending;
    this.#around.fail({
      message: early
        ? `the ${this.#title()} got ${datagramText(bytes)} before it had answered what came before`
        : `the ${this.#title()} got ${datagramText(bytes)}, which is not what must come`,
      expected: early ? "nothing before the answer" : this.#expected(next),
      actual: `${this.#name} got\n${datagramText(bytes)}`,
    });
  }

  async #sendNext(): Promise<void> {
    this.#sending = true;
    for (
      let next = this.#steps[0];
      next?.direction === "send";
      this.#steps.shift(), next = this.#steps[0]
    ) {
      if (next.afterMs > 0) await delay(next.afterMs);
      const bytes = traceBytes(next.alternatives[0] as TracePattern, this.#values);
      const sender = next.from === undefined ? this : this.#around.actor(next.from) ?? this;
      for (let i = 0; i < next.times; i++) this.#send(bytes, sender);
    }
    this.#sinceMs = performance.now();
    this.#sending = false;
    this.#context.log.add("suite", `${this.#title()}: its turn is over`);
  }

  #send(bytes: Uint8Array, sender: ClientActor): void {
    const message = seenMessage(bytes);
    if (message.type === "ack" && sender === this) this.#acked.add(message.seq);
    if (this.#client) sender.#party?.send(bytes, this.#client);
  }
}
