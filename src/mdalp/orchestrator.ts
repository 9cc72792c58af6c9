/**
 * The orchestrator: queues those who ask, gives each a plan in turn, and says how its transaction
 * ended. Rules: spec/mdalp, orchestrator.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { udp } from "../net/mod.ts";
import type { UdpAddress, UdpDriver, UdpSocket } from "../net/mod.ts";
import { listenForReceivers } from "./link.ts";
import type { Link, OrchestratorLine, ReceiverLine } from "./link.ts";
import { MessageError, readMessage, writePlan } from "./message.ts";
import { joinParts } from "./reassembly.ts";
import { resultOf, violatesBalance } from "./verdict.ts";
import type { Result } from "./verdict.ts";

export interface OrchestratorOptions {
  /** Where intents come in. */
  readonly at: UdpAddress;
  /** Where receivers connect. */
  readonly link: UdpAddress;
  /** Milliseconds after which a transaction is given up. */
  readonly limitMs: number;
  /** Milliseconds without a packet after which a transaction without a gap is done. */
  readonly quietMs: number;
  readonly log: (event: string, fields?: Record<string, string | number>) => void;
}

export interface ReceiverReport {
  readonly address: string;
  readonly packets: number;
  readonly bytes: number;
  /** Packets that came again: the client's timeouts, as far as they are seen here. */
  readonly copies: number;
}

export interface TransactionReport {
  readonly tid: number;
  readonly client: string;
  readonly result: Result;
  readonly receivers: readonly ReceiverReport[];
  readonly bytes: number;
  /** Of the payload as it came; null where it is incomplete. */
  readonly sha256: string | null;
  /** Milliseconds from the plan to the last new packet. */
  readonly elapsedMs: number;
  /** ISO 8601, UTC. */
  readonly started: string;
}

export interface OrchestratorStatus {
  readonly receivers: readonly string[];
  readonly current:
    | { readonly tid: number; readonly client: string; readonly packets: number }
    | null;
  readonly waiting: readonly string[];
  /** The latest first. */
  readonly ended: readonly TransactionReport[];
}

export interface RunningOrchestrator {
  readonly port: number;
  readonly linkPort: number;
  status(): OrchestratorStatus;
  close(): Promise<void>;
}

/** Those who wait, and reports that are kept: bounded, whoever asks. */
const MOST_WAITING = 1000;
const MOST_REPORTS = 100;

interface Connected {
  readonly link: Link<OrchestratorLine>;
  address: string | undefined;
}

interface Current {
  readonly tid: number;
  readonly client: UdpAddress;
  readonly receivers: readonly Connected[];
  readonly counts: Map<Connected, { packets: number; bytes: number; copies: number }>;
  readonly seqs: Set<number>;
  readonly startedMs: number;
  readonly started: string;
  lastMs: number;
  unopened: Set<Connected>;
  planned: boolean;
  parts: { seq: number; payload: Buffer }[];
  unclosed: Set<Connected> | undefined;
  timers: ReturnType<typeof setTimeout>[];
}

/** Rejects with a NetError when an address is taken. */
export async function startOrchestrator(
  options: OrchestratorOptions,
  driver: UdpDriver = udp,
): Promise<RunningOrchestrator> {
  const orchestrator = new Orchestrator(options);
  const listener = await listenForReceivers(options.link, (link) => orchestrator.connected(link));
  try {
    const socket = await driver.bind(options.at, (datagram, from) => {
      if (isIntent(datagram)) orchestrator.intent(from);
    });
    orchestrator.socket = socket;
    return {
      port: socket.port,
      linkPort: listener.port,
      status: () => orchestrator.status(),
      async close() {
        orchestrator.close();
        socket.close();
        await listener.close();
      },
    };
  } catch (error) {
    await listener.close();
    throw error;
  }
}

function isIntent(datagram: Uint8Array): boolean {
  try {
    return readMessage(datagram).type === "intent";
  } catch (error) {
    if (error instanceof MessageError) return false;
    throw error;
  }
}

function nameOf({ host, port }: UdpAddress): string {
  return `${host}:${port}`;
}

class Orchestrator {
  readonly #options: OrchestratorOptions;
  readonly #receivers = new Set<Connected>();
  #waiting: UdpAddress[] = [];
  #current: Current | undefined;
  #ended: TransactionReport[] = [];
  #nextTid = 1 + Math.floor(Math.random() * 5000);
  socket: UdpSocket | undefined;

  constructor(options: OrchestratorOptions) {
    this.#options = options;
  }

  connected(link: Link<OrchestratorLine>) {
    const receiver: Connected = { link, address: undefined };
    return {
      onLine: (line: ReceiverLine) => this.#line(receiver, line),
      onClose: () => {
        this.#receivers.delete(receiver);
        this.#options.log("receiver-gone", { address: receiver.address ?? "unknown" });
        // Whatever it had is lost: the transaction cannot become complete.
        if (this.#current?.receivers.includes(receiver)) this.#finish(this.#current);
      },
    };
  }

  intent(from: UdpAddress): void {
    const name = nameOf(from);
    const { log } = this.#options;
    if (this.#current && nameOf(this.#current.client) === name) {
      // The plan may have been lost; once data came it was not.
      if (this.#current.planned && this.#current.seqs.size === 0) this.#sendPlan(this.#current);
      return;
    }
    if (this.#waiting.some((other) => nameOf(other) === name)) return;
    if (this.#waiting.length >= MOST_WAITING) return log("queue-full", { client: name });
    this.#waiting.push({ ...from });
    log("intent", { client: name, waiting: this.#waiting.length });
    this.#next();
  }

  /** The next in the queue, once a receiver is there. */
  #next(): void {
    const ready = [...this.#receivers].filter(({ address }) => address !== undefined);
    if (this.#current || ready.length === 0) return;
    const client = this.#waiting.shift();
    if (!client) return;
    const now = performance.now();
    const current: Current = {
      tid: this.#nextTid++,
      client,
      receivers: ready,
      counts: new Map(ready.map((one) => [one, { packets: 0, bytes: 0, copies: 0 }])),
      seqs: new Set(),
      startedMs: now,
      started: new Date().toISOString(),
      lastMs: now,
      unopened: new Set(ready),
      planned: false,
      parts: [],
      unclosed: undefined,
      timers: [],
    };
    this.#current = current;
    current.timers.push(setTimeout(() => this.#finish(current), this.#options.limitMs));
    for (const { link } of ready) link.send({ open: current.tid });
  }

  #line(receiver: Connected, line: ReceiverLine): void {
    if ("hello" in line) {
      receiver.address = line.hello;
      this.#receivers.add(receiver);
      this.#options.log("receiver", { address: line.hello });
      return this.#next();
    }
    const current = this.#current;
    if (!current) return;
    if ("opened" in line && line.opened === current.tid) {
      current.unopened.delete(receiver);
      if (current.unopened.size === 0 && !current.planned) this.#sendPlan(current);
    }
    if ("took" in line && line.took === current.tid) this.#took(current, receiver, line);
    if ("closed" in line && line.closed === current.tid) {
      this.#closed(current, receiver, line.parts);
    }
  }

  #sendPlan(current: Current): void {
    current.planned = true;
    const receivers = current.receivers.map(({ address }, i) => ({
      address: address as string,
      name: `Receiver ${i + 1}`,
    }));
    this.socket?.send(writePlan(current.tid, receivers), current.client);
    this.#options.log("plan", { tid: current.tid, client: nameOf(current.client) });
  }

  #took(
    current: Current,
    receiver: Connected,
    line: Extract<ReceiverLine, { took: number }>,
  ): void {
    const count = current.counts.get(receiver);
    if (!count || current.unclosed) return;
    if (line.copy) count.copies++;
    else {
      count.packets++;
      count.bytes += line.bytes;
      current.lastMs = performance.now();
    }
    current.seqs.add(line.seq);
    // Without a gap the end is near: the last packet is followed by silence.
    clearTimeout(current.timers[1]);
    const gapless = Math.max(...current.seqs) === current.seqs.size - 1;
    if (gapless) {
      current.timers[1] = setTimeout(() => this.#finish(current), this.#options.quietMs);
    }
  }

  /** Asks the receivers for what they have. */
  #finish(current: Current): void {
    if (this.#current !== current || current.unclosed) return;
    for (const timer of current.timers) clearTimeout(timer);
    current.unclosed = new Set(current.receivers.filter((one) => this.#receivers.has(one)));
    for (const { link } of current.unclosed) link.send({ close: current.tid });
    if (current.unclosed.size === 0) this.#report(current);
  }

  #closed(
    current: Current,
    receiver: Connected,
    parts: readonly (readonly [number, string])[],
  ): void {
    for (const [seq, base64] of parts) {
      current.parts.push({ seq, payload: Buffer.from(base64, "base64") });
    }
    current.unclosed?.delete(receiver);
    if (current.unclosed?.size === 0) this.#report(current);
  }

  #report(current: Current): void {
    const receivers = [...current.counts].map(([{ address }, count]) => ({
      address: address as string,
      ...count,
    }));
    const joined = joinParts(current.parts);
    const payload = "payload" in joined && joined.payload.length > 0 ? joined.payload : undefined;
    const report: TransactionReport = {
      tid: current.tid,
      client: nameOf(current.client),
      result: resultOf(payload !== undefined, violatesBalance(receivers)),
      receivers,
      bytes: receivers.reduce((sum, { bytes }) => sum + bytes, 0),
      sha256: payload ? createHash("sha256").update(payload).digest("hex") : null,
      elapsedMs: Math.round(current.lastMs - current.startedMs),
      started: current.started,
    };
    this.#ended = [report, ...this.#ended].slice(0, MOST_REPORTS);
    this.#options.log("ended", { tid: report.tid, result: report.result, bytes: report.bytes });
    this.#current = undefined;
    this.#next();
  }

  status(): OrchestratorStatus {
    const current = this.#current;
    return {
      receivers: [...this.#receivers].map(({ address }) => address as string),
      current: current
        ? { tid: current.tid, client: nameOf(current.client), packets: current.seqs.size }
        : null,
      waiting: this.#waiting.map(nameOf),
      ended: this.#ended,
    };
  }

  close(): void {
    for (const timer of this.#current?.timers ?? []) clearTimeout(timer);
    for (const { link } of this.#receivers) link.close();
  }
}
