/**
 * A receiver: acknowledges what belongs to an open transaction, and hands it over at its end. Of one
 * that was closed it acknowledges copies of what it had, and takes nothing new. Rules: spec/mdalp,
 * receiver.
 */
import type { Buffer } from "node:buffer";
import { udp } from "../net/mod.ts";
import type { UdpAddress, UdpDriver, UdpSocket } from "../net/mod.ts";
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

/** Rejects with a NetError when the address is taken or the orchestrator is not there. */
export async function startReceiver(
  options: ReceiverOptions,
  parts: ReceiverParts = receiverParts,
): Promise<RunningReceiver> {
  const store = new Store(options, parts);
  let gone = () => {};
  const lost = new Promise<void>((resolve) => gone = resolve);
  // Before the port: who sees that open may ask for a plan at once, and it is to be in it.
  const link = store.link = await linkToOrchestrator(options.orchestrator, {
    onLine: (line) => store.obey(line),
    onClose: () => gone(),
  });
  let socket: UdpSocket;
  try {
    socket = await parts.driver.bind(options.at, (datagram, from) => {
      const message = dataOf(datagram, parts);
      if (!message || !store.take(message)) return;
      for (const ack of parts.acks(message.tid, message.seq)) socket.send(ack, from);
    });
  } catch (error) {
    link.close();
    throw error;
  }
  link.send({ hello: socket.address });
  return {
    address: socket.address,
    port: socket.port,
    lost,
    close() {
      link.close();
      socket.close();
    },
  };
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

  obey(line: OrchestratorLine): void {
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
