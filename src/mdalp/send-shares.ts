/** All receivers at once: rule mdalp.client.parallel. The first that fails stops the others. */
import type { DatagramHandler, UdpAddress, UdpSocket } from "../net/mod.ts";
import type { TransferOptions, TransferParts } from "./client.ts";
import { orAborted } from "./or-aborted.ts";
import { MessageError } from "./message.ts";
import type { Message, Receiver } from "./message.ts";
import type { Packet } from "./packets.ts";
import type { SenderFigures } from "./sender.ts";

export interface Shipment {
  readonly tid: number;
  readonly receivers: readonly Receiver[];
  /** Of each receiver. */
  readonly packets: readonly (readonly Packet[])[];
  readonly socket: UdpSocket;
  /** Sets who is told of the datagrams that come. */
  listen(listener: DatagramHandler): void;
  readonly signal: AbortSignal;
  readonly options: TransferOptions;
  readonly parts: TransferParts;
}

export interface Shipped {
  readonly figures: readonly SenderFigures[];
  /** Milliseconds from the first packet to the last ack. */
  readonly makespanMs: number;
}

/** Rejects with a ReceiverDead or the signal's reason. */
export async function sendShares(shipment: Shipment): Promise<Shipped> {
  const { tid, receivers, packets, socket, signal, options, parts } = shipment;
  const addresses = receivers.map(({ address }) => ({ host: address, port: options.receiverPort }));
  const total = packets.reduce((sum, own) => sum + own.length, 0);
  const acknowledged = packets.map(() => 0);
  const senders = addresses.map((to, i) =>
    parts.sender({
      tid,
      receiver: `${to.host}:${to.port}`,
      packets: packets[i] ?? [],
      timeout: options.timeout(),
      giveUpMs: options.giveUpMs,
      send: (datagram) => socket.send(datagram, to),
      onProgress(count) {
        acknowledged[i] = count;
        options.onProgress?.(acknowledged.reduce((sum, own) => sum + own, 0), total);
      },
    })
  );
  const expected = { tid, receivers: addresses satisfies UdpAddress[] };
  shipment.listen((datagram, from) => {
    const ack = ackOf(datagram, parts);
    if (ack) senders[parts.ackedBy({ tid: ack.tid, from }, expected)]?.acknowledged(ack.seq);
  });
  const started = performance.now();
  try {
    const figures = await orAborted(signal, parts.runAll(senders));
    return { figures, makespanMs: performance.now() - started };
  } finally {
    for (const sender of senders) sender.stop();
  }
}

/** Garbage is passed over: rule mdalp.client.garbage. */
function ackOf(datagram: Uint8Array, parts: TransferParts) {
  try {
    const message: Message = parts.read(datagram);
    return message.type === "ack" ? message : undefined;
  } catch (error) {
    if (error instanceof MessageError) return undefined;
    throw error;
  }
}
