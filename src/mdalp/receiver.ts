/** A receiver: acknowledges what belongs to an open transaction, and hands it over at its end. */
import type { Buffer } from "node:buffer";
import { udp } from "../net/mod.ts";
import type { UdpAddress, UdpDriver, UdpSocket } from "../net/mod.ts";
import { linkToOrchestrator } from "./link.ts";
import type { Link, OrchestratorLine, ReceiverLine } from "./link.ts";
import { MessageError, readMessage, writeAck } from "./message.ts";
import type { Message } from "./message.ts";
import { Reassembly } from "./reassembly.ts";

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
  /** Whether a packet is kept, and so acknowledged. */
  take(kept: Reassembly, seq: number, payload: Uint8Array): boolean;
  /** The datagrams that answer a packet that was kept. */
  acks(tid: number, seq: number): readonly Buffer[];
}

export const receiverParts: ReceiverParts = {
  driver: udp,
  read: readMessage,
  take: (kept, seq, payload) => kept.take(seq, payload),
  acks: (tid, seq) => [writeAck(tid, seq)],
};

export interface RunningReceiver {
  readonly address: string;
  readonly port: number;
  /** Resolves when the orchestrator is gone: nothing can come of this receiver any more. */
  readonly lost: Promise<void>;
  close(): void;
}

/** More transactions than an orchestrator opens at a time. */
const MOST_OPEN = 16;

/** Rejects with a NetError when the address is taken or the orchestrator is not there. */
export async function startReceiver(
  options: ReceiverOptions,
  parts: ReceiverParts = receiverParts,
): Promise<RunningReceiver> {
  const open = new Map<number, Reassembly>();
  let link: Link<ReceiverLine> | undefined;
  const socket: UdpSocket = await parts.driver.bind(options.at, (datagram, from) => {
    const message = dataOf(datagram, parts);
    const kept = message && open.get(message.tid);
    if (!message || !kept) return;
    const before = kept.packets;
    if (!parts.take(kept, message.seq, message.payload)) return;
    const copy = kept.packets === before;
    for (const ack of parts.acks(message.tid, message.seq)) socket.send(ack, from);
    link?.send({ took: message.tid, seq: message.seq, bytes: message.payload.length, copy });
  });
  let gone = () => {};
  const lost = new Promise<void>((resolve) => gone = resolve);
  try {
    link = await linkToOrchestrator(options.orchestrator, {
      onLine: (line) => obey(line, open, (answer) => link?.send(answer), options),
      onClose: () => gone(),
    });
  } catch (error) {
    socket.close();
    throw error;
  }
  link.send({ hello: socket.address });
  return {
    address: socket.address,
    port: socket.port,
    lost,
    close() {
      link?.close();
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

function obey(
  line: OrchestratorLine,
  open: Map<number, Reassembly>,
  answer: (line: ReceiverLine) => void,
  { log }: ReceiverOptions,
): void {
  if ("open" in line && open.size < MOST_OPEN) {
    open.set(line.open, new Reassembly());
    log("open", { tid: line.open });
    answer({ opened: line.open });
  }
  if ("close" in line) {
    const kept = open.get(line.close);
    open.delete(line.close);
    log("close", { tid: line.close, packets: kept?.packets ?? 0, bytes: kept?.bytes ?? 0 });
    const parts = kept?.parts() ?? [];
    answer({
      closed: line.close,
      parts: parts.map(({ seq, payload }) => [seq, payload.toString("base64")] as const),
    });
  }
}
