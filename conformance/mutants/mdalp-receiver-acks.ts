/** Receivers of MDALP that acknowledge wrongly what belongs to an open transaction, or keep it wrongly. */
import { Buffer } from "node:buffer";
import process from "node:process";
import { writeAck } from "../../src/mdalp/message.ts";
import { Reassembly } from "../../src/mdalp/reassembly.ts";
import type { ReceiverParts } from "../../src/mdalp/receiver.ts";
import { udp } from "../../src/net/mod.ts";
import { arriving, sendingFromAnotherPort } from "./datagrams.ts";
import { parts, receiver } from "./mdalp-receiver.ts";
import type { ReceiverMutant } from "./types.ts";

const acking = (acks: ReceiverParts["acks"]) => parts(() => ({ acks }));

/** Acknowledges the next packet only, from 0 on, and copies of those before it. */
function inOrder(): Partial<ReceiverParts> {
  const next = new WeakMap<Reassembly, number>();
  return {
    take(kept, seq, payload) {
      const wanted = next.get(kept) ?? 0;
      if (seq > wanted || !kept.take(seq, payload)) return false;
      next.set(kept, Math.max(wanted, seq + 1));
      return true;
    },
  };
}

function firstOnly(): Partial<ReceiverParts> {
  const first = new Map<number, number>();
  return {
    acks(tid, seq) {
      if (!first.has(tid)) first.set(tid, seq);
      return first.get(tid) === seq ? [writeAck(tid, seq)] : [];
    },
  };
}

/** One number stands for all packets up to it. */
function highest(): Partial<ReceiverParts> {
  const highest = new Map<number, number>();
  return {
    acks(tid, seq) {
      highest.set(tid, Math.max(seq, highest.get(tid) ?? 0));
      return [writeAck(tid, highest.get(tid) as number)];
    },
  };
}

/** Acknowledges a packet again only if `isAcked` of the SEQ and of the last new one. */
const copies = (isAcked: (seq: number, last: number) => boolean) =>
  parts(() => {
    let last = -1;
    return {
      take(kept, seq, payload) {
        const before = kept.packets;
        if (!kept.take(seq, payload)) return false;
        if (kept.packets === before) return isAcked(seq, last);
        last = seq;
        return true;
      },
    };
  });

/** Keeps what another one keeps, and counts whatever comes, copies too. */
class Heap extends Reassembly {
  readonly #kept: Reassembly;
  #taken = 0;

  constructor(kept: Reassembly) {
    super();
    this.#kept = kept;
  }

  override take(seq: number, payload: Uint8Array): boolean {
    this.#taken++;
    return this.#kept.take(seq, payload);
  }

  override get packets(): number {
    return this.#taken;
  }
}

function heaps(): Partial<ReceiverParts> {
  const heaps = new WeakMap<Reassembly, Heap>();
  return {
    kept(open, tid) {
      const kept = open.get(tid);
      if (!kept) return undefined;
      const heap = heaps.get(kept) ?? new Heap(kept);
      heaps.set(kept, heap);
      return heap;
    },
  };
}

const payloadOf = (datagram: Buffer) => datagram.subarray(datagram.indexOf("DATA:") + 5);

export const receiverAckMutants: readonly ReceiverMutant[] = [
  receiver(
    "acks",
    "next-seq",
    "acknowledges with the SEQ that it waits for next",
    acking((tid, seq) => [writeAck(tid, seq + 1)]),
  ),
  receiver("acks", "other-tid", "acknowledges with TID 1", acking((_, seq) => [writeAck(1, seq)])),
  receiver(
    "acks",
    "unclosed",
    "leaves out the last semicolon of an ack",
    acking((tid, seq) => [writeAck(tid, seq).subarray(0, -1)]),
  ),
  receiver(
    "acks",
    "padded",
    "fills its acks up with NUL",
    acking((tid, seq) => [Buffer.concat([writeAck(tid, seq)], 64)]),
  ),
  receiver(
    "acks",
    "first-only",
    "acknowledges the first packet of a transaction",
    parts(firstOnly),
  ),
  receiver(
    "acks",
    "in-order",
    "acknowledges packets in the order of their SEQ, from 0",
    parts(inOrder),
  ),
  receiver("acks", "highest", "acknowledges with the highest SEQ that it has", parts(highest)),
  receiver(
    "acks",
    "other-port",
    "sends acks from another port than the one that the data came to",
    parts(() => ({ driver: sendingFromAnotherPort(udp) })),
  ),
  receiver(
    "acks",
    "text-only",
    "ends at a payload that is no UTF-8",
    parts(() => ({
      driver: arriving(udp, (datagram, pass) => {
        if (datagram.toString("utf8").includes("\ufffd")) process.exit(1);
        pass(datagram);
      }),
    })),
  ),
  receiver(
    "acks",
    "splits",
    "splits packets at semicolons, so that it passes over payloads with one",
    parts(() => ({
      driver: arriving(udp, (datagram, pass) => {
        if (!payloadOf(datagram).includes(";")) pass(datagram);
      }),
    })),
  ),
  receiver("duplicates", "silent", "does not acknowledge a packet again", copies(() => false)),
  receiver(
    "duplicates",
    "last-only",
    "acknowledges no packet again but the last new one",
    copies((seq, last) => seq === last),
  ),
  receiver("duplicates", "counted", "counts a packet each time that it comes", parts(heaps)),
];
