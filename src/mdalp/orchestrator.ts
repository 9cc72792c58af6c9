/**
 * The orchestrator: queues those who ask, gives each a plan in turn, and says how its transaction
 * ended. Rules: spec/mdalp, orchestrator.
 */
import type { Buffer } from "node:buffer";
import { udp } from "../net/mod.ts";
import type { UdpAddress, UdpDriver } from "../net/mod.ts";
import { Conduct } from "./conduct.ts";
import type { Connected } from "./conduct.ts";
import type { OrchestratorLine, ReceiverLine } from "./link-lines.ts";
import { listenForReceivers } from "./link.ts";
import type { Link } from "./link.ts";
import { MessageError, readMessage, writePlan } from "./message.ts";
import type { Receiver } from "./message.ts";
import type { TransactionReport } from "./transaction-report.ts";
import { resultOf } from "./verdict.ts";
import type { Result } from "./verdict.ts";

export interface OrchestratorOptions {
  /** Where intents come in. */
  readonly at: UdpAddress;
  /** Where receivers connect. */
  readonly link: UdpAddress;
  /** Milliseconds after which a transaction is given up. */
  readonly limitMs: number;
  /**
   * Milliseconds of silence after which a transaction without a gap is done, where its last packet
   * does not show that it is the last. A client sends again within 10 s, so a shorter silence may
   * take a transfer that waits for a lost packet as a whole one.
   */
  readonly quietMs: number;
  /** Milliseconds after which a receiver that does not answer a line is cut off (default: 5000). */
  readonly answerMs?: number;
  readonly log: (event: string, fields?: Record<string, string | number>) => void;
}

/** What an orchestrator is made of; another part changes one thing that it does. */
export interface OrchestratorParts {
  driver: UdpDriver;
  isIntent(datagram: Uint8Array): boolean;
  /** Whether two intents are one client's: then the second is no new one. */
  sameClient(a: UdpAddress, b: UdpAddress): boolean;
  /** Whether one more transaction may start while so many run. */
  mayStart(running: number): boolean;
  /** The place in the queue, from 0, of whose turn is next. */
  next(waiting: number): number;
  /** The TID after this one. */
  nextTid(last: number): number;
  writePlan(tid: number, receivers: readonly Receiver[]): Buffer;
  /** Where a client's plan is sent. */
  planTo(client: UdpAddress): UdpAddress;
  result(complete: boolean, violation: boolean): Result;
  /** What is published of a transaction that has ended. */
  publish(report: TransactionReport): TransactionReport;
}

export const orchestratorParts: OrchestratorParts = {
  driver: udp,
  isIntent,
  sameClient: (a, b) => a.host === b.host && a.port === b.port,
  mayStart: (running) => running === 0,
  next: () => 0,
  nextTid: (last) => last + 1,
  writePlan,
  planTo: (client) => client,
  result: resultOf,
  publish: (report) => report,
};

export interface OrchestratorStatus {
  /** Addresses of those that are connected. */
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
  /** Ends what runs as silence would: for those who know that the client is done. */
  finish(): void;
  close(): Promise<void>;
}

/** Those who wait, and reports that are kept: bounded, whoever asks. */
const MOST_WAITING = 1000;
const MOST_REPORTS = 100;
/** Who connects to the link and does not say who it is takes the place of one who would. */
const HELLO_MS = 10_000;

/** Rejects with a NetError when an address is taken. */
export async function startOrchestrator(
  options: OrchestratorOptions,
  parts: OrchestratorParts = orchestratorParts,
): Promise<RunningOrchestrator> {
  const orchestrator = new Orchestrator(options, parts);
  const listener = await listenForReceivers(options.link, (link) => orchestrator.connected(link));
  try {
    const socket = await parts.driver.bind(options.at, (datagram, from) => {
      if (parts.isIntent(datagram)) orchestrator.intent({ ...from });
    });
    orchestrator.send = (datagram, to) => socket.send(datagram, to);
    return {
      port: socket.port,
      linkPort: listener.port,
      status: () => orchestrator.status(),
      finish: () => orchestrator.finish(),
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
  readonly #parts: OrchestratorParts;
  readonly #connected = new Set<Connected>();
  readonly #running = new Map<number, Conduct>();
  #waiting: UdpAddress[] = [];
  #ended: TransactionReport[] = [];
  /** Those of an earlier run are unlikely to come again. */
  #lastTid = Math.floor(Math.random() * 1_000_000);
  send: (datagram: Uint8Array, to: UdpAddress) => void = () => {};

  constructor(options: OrchestratorOptions, parts: OrchestratorParts) {
    this.#options = options;
    this.#parts = parts;
  }

  connected(link: Link<OrchestratorLine>) {
    const receiver: Connected = { link, address: "" };
    this.#connected.add(receiver);
    const silent = setTimeout(() => link.close(), HELLO_MS);
    return {
      onLine: (line: ReceiverLine) => {
        clearTimeout(silent);
        this.#line(receiver, line);
      },
      onClose: () => {
        clearTimeout(silent);
        this.#gone(receiver);
      },
    };
  }

  /** Those that have said who they are. */
  get #receivers(): Connected[] {
    return [...this.#connected].filter(({ address }) => address !== "");
  }

  intent(from: UdpAddress): void {
    const { sameClient } = this.#parts;
    const { log } = this.#options;
    const running = [...this.#running.values()]
      .find(({ transaction }) => sameClient(transaction.client, from));
    if (running) return running.askedAgain();
    if (this.#waiting.some((other) => sameClient(other, from))) return;
    const client = nameOf(from);
    if (this.#waiting.length >= MOST_WAITING) return log("queue-full", { client });
    this.#waiting.push(from);
    log("intent", { client, waiting: this.#waiting.length });
    this.#next();
  }

  /** The next in the queue, once a receiver is there. */
  #next(): void {
    if (this.#waiting.length === 0 || !this.#parts.mayStart(this.#running.size)) return;
    const receivers = this.#receivers;
    if (receivers.length === 0) {
      return this.#options.log("no-receivers", { waiting: this.#waiting.length });
    }
    const place = this.#parts.next(this.#waiting.length);
    const client = this.#waiting.splice(place, 1)[0] as UdpAddress;
    const tid = this.#lastTid = this.#parts.nextTid(this.#lastTid);
    const conduct = new Conduct(tid, client, receivers, {
      ...this.#options,
      result: this.#parts.result,
      sendPlan: (plan) => this.send(this.#parts.writePlan(tid, plan), this.#parts.planTo(client)),
      onEnd: (report) => this.#onEnd(tid, report),
      onAbandoned: () => {
        this.#running.delete(tid);
        this.#waiting.unshift(client);
        this.#next();
      },
    });
    this.#running.set(tid, conduct);
    conduct.start();
  }

  #onEnd(tid: number, report: TransactionReport): void {
    this.#running.delete(tid);
    this.#ended = [this.#parts.publish(report), ...this.#ended].slice(0, MOST_REPORTS);
    this.#options.log("ended", { tid, result: report.result, bytes: report.bytes });
    this.#next();
  }

  #line(receiver: Connected, line: ReceiverLine): void {
    // Hello is the first line, and no other.
    if (("hello" in line) !== (receiver.address === "")) return receiver.link.close();
    if ("hello" in line) return this.#hello(receiver, line.hello);
    const tid = "took" in line ? line.took : "opened" in line ? line.opened : line.closed;
    const conduct = this.#running.get(tid);
    if ("took" in line) conduct?.took(receiver, line);
    else if ("opened" in line) conduct?.opened(receiver);
    else conduct?.closed(receiver, line.parts);
  }

  #hello(receiver: Connected, address: string): void {
    // Whoever has the address keeps it: else a stranger could end its transaction. One that hangs is
    // cut off by the next transaction.
    if (this.#receivers.some((other) => other.address === address)) {
      this.#options.log("receiver-refused", { address });
      return receiver.link.close();
    }
    receiver.address = address;
    receiver.link.send({ welcome: address });
    this.#options.log("receiver", { address });
    this.#next();
  }

  #gone(receiver: Connected): void {
    this.#connected.delete(receiver);
    if (receiver.address === "") return;
    this.#options.log("receiver-gone", { address: receiver.address });
    for (const conduct of [...this.#running.values()]) conduct.lost(receiver);
  }

  status(): OrchestratorStatus {
    const [current] = this.#running.values();
    return {
      receivers: this.#receivers.map(({ address }) => address),
      current: current
        ? {
          tid: current.transaction.tid,
          client: nameOf(current.transaction.client),
          packets: current.transaction.packets,
        }
        : null,
      waiting: this.#waiting.map(nameOf),
      ended: this.#ended,
    };
  }

  finish(): void {
    for (const conduct of [...this.#running.values()]) conduct.finish();
  }

  close(): void {
    for (const conduct of this.#running.values()) conduct.stop();
    this.#running.clear();
    this.#waiting = [];
    for (const { link } of this.#connected) link.close();
  }
}
