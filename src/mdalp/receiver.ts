/**
 * A receiver: acknowledges what belongs to an open transaction, and hands it over at its end. Of one
 * that was closed it acknowledges copies of what it had, and takes nothing new. Rules: spec/mdalp,
 * receiver.
 */
import type { Buffer } from "node:buffer";
import { numericAddress, udp } from "../net/mod.ts";
import type { UdpAddress, UdpDriver, UdpSocket } from "../net/mod.ts";
import { deferred } from "./deferred.ts";
import { linkToOrchestrator } from "./link.ts";
import type { Link } from "./link.ts";
import type { OrchestratorLine, ReceiverLine } from "./link-lines.ts";
import { MessageError, readMessage, writeAck } from "./message.ts";
import type { Message } from "./message.ts";
import { Reassembly } from "./reassembly.ts";
import { RecentlyClosed } from "./recently-closed.ts";

export interface ReceiverOptions {
  /** Where data comes in. */
  readonly at: UdpAddress;
  /** The orchestrator's link. */
  readonly orchestrator: UdpAddress;
  readonly log: (event: string, fields?: Record<string, string | number>) => void;
}

/** What a receiver is made of; another part changes one thing that it does. */
export interface ReceiverParts {
  driver: UdpDriver;
  read(datagram: Uint8Array): Message;
  /** What is kept of a transaction; undefined for one that is not open. */
  kept(open: ReadonlyMap<number, Reassembly>, tid: number): Reassembly | undefined;
  /** Whether a packet is kept, and so acknowledged. */
  take(kept: Reassembly, seq: number, payload: Uint8Array): boolean;
  /** Whether a packet of a transaction that is not open is acknowledged. */
  copyOfClosed(closed: RecentlyClosed, tid: number, seq: number): boolean;
  /** The datagrams that answer a packet that is acknowledged. */
  acks(tid: number, seq: number): readonly Buffer[];
}

export const receiverParts: ReceiverParts = {
  driver: udp,
  read: readMessage,
  kept: (open, tid) => open.get(tid),
  take: (kept, seq, payload) => kept.take(seq, payload),
  copyOfClosed: (closed, tid, seq) => closed.has(tid, seq),
  acks: (tid, seq) => [writeAck(tid, seq)],
};

export interface RunningReceiver {
  readonly address: string;
  readonly port: number;
  /** Resolves when the orchestrator is gone: nothing can come of this receiver any more. */
  readonly lost: Promise<void>;
  close(): void;
}

/** More transactions than an orchestrator of ours opens at a time, which is one. */
const MOST_OPEN = 4;

/** An orchestrator that has no use for this receiver, or is none. */
export class NotWelcome extends Error {
  readonly code = "not-welcome";
}

/** An orchestrator answers at once. */
const WELCOME_MS = 5000;

/**
 * Rejects with a NetError when the address is taken or the orchestrator is not there, and with a
 * NotWelcome when it refuses.
 */
export async function startReceiver(
  options: ReceiverOptions,
  parts: ReceiverParts = receiverParts,
): Promise<RunningReceiver> {
  const address = await numericAddress(options.at.host);
  const store = new Store(options, parts);
  const { promise: lost, resolve: gone } = deferred<void>();
  const { promise: welcome, resolve: welcomed } = deferred<void>();
  const link = store.link = await linkToOrchestrator(options.orchestrator, {
    onLine: (line) => "welcome" in line ? welcomed() : store.obey(line),
    onClose: gone,
  });
  try {
    link.send({ hello: address });
    // Before the port: who sees that open may ask for a plan at once, and this is to be in it.
    await inTime(welcome, lost, address);
    const socket: UdpSocket = await parts.driver.bind(
      { host: address, port: options.at.port },
      (datagram, from) => {
        const message = dataOf(datagram, parts);
        if (!message || !store.take(message)) return;
        for (const ack of parts.acks(message.tid, message.seq)) socket.send(ack, from);
      },
    );
    return {
      address: socket.address,
      port: socket.port,
      lost,
      close() {
        link.close();
        socket.close();
      },
    };
  } catch (error) {
    link.close();
    throw error;
  }
}

async function inTime(
  welcome: Promise<void>,
  lost: Promise<void>,
  address: string,
): Promise<void> {
  const { promise: late, resolve } = deferred<string>();
  const silent = `it did not answer within ${WELCOME_MS / 1000} s; see what listens there`;
  const timer = setTimeout(() => resolve(silent), WELCOME_MS);
  const refused = `see whether it has a receiver of that address, or very many`;
  const why = await Promise.race([welcome, lost.then(() => refused), late]);
  clearTimeout(timer);
  if (why !== undefined) {
    throw new NotWelcome(`the orchestrator takes no receiver at ${address}: ${why}`);
  }
}

function dataOf(datagram: Uint8Array, parts: ReceiverParts) {
  try {
    const message = parts.read(datagram);
    return message.type === "data" ? message : undefined;
  } catch (error) {
    if (error instanceof MessageError) return undefined;
    throw error;
  }
}

class Store {
  readonly #open = new Map<number, Reassembly>();
  readonly #closed = new RecentlyClosed();
  readonly #options: ReceiverOptions;
  readonly #parts: ReceiverParts;
  link: Link<ReceiverLine> | undefined;

  constructor(options: ReceiverOptions, parts: ReceiverParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Whether the packet is to be acknowledged. */
  take({ tid, seq, payload }: Extract<Message, { type: "data" }>): boolean {
    const kept = this.#parts.kept(this.#open, tid);
    if (!kept) return this.#parts.copyOfClosed(this.#closed, tid, seq);
    const before = kept.packets;
    if (!this.#parts.take(kept, seq, payload)) return false;
    const copy = kept.packets === before;
    this.link?.send({ took: tid, seq, bytes: payload.length, copy });
    return true;
  }

  obey(line: Exclude<OrchestratorLine, { welcome: string }>): void {
    if ("open" in line) this.#openOne(line.open);
    else this.#closeOne(line.close);
  }

  #openOne(tid: number): void {
    if (this.#open.size >= MOST_OPEN) return;
    this.#open.set(tid, new Reassembly());
    this.#closed.forget(tid);
    this.#options.log("open", { tid });
    this.link?.send({ opened: tid });
  }

  #closeOne(tid: number): void {
    const kept = this.#open.get(tid);
    this.#open.delete(tid);
    const parts = kept?.parts() ?? [];
    if (kept) this.#closed.add(tid, parts.map(({ seq }) => seq));
    this.#options.log("close", { tid, packets: parts.length, bytes: kept?.bytes ?? 0 });
    this.link?.send({
      closed: tid,
      parts: parts.map(({ seq, payload }) => [seq, payload.toString("base64")] as const),
    });
  }
}
