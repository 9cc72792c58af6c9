/** From datagrams to transactions of MDALP: who sent what to whom, and how often. */
import { Buffer } from "node:buffer";
import { HIGHEST_SEQ, MessageError, readMessage } from "../../../src/mdalp/mod.ts";
import type { Message, Receiver } from "../../../src/mdalp/mod.ts";
import { endpointName } from "./datagrams.ts";
import type { Datagram, Endpoint, Traffic } from "./datagrams.ts";
import { extent } from "./extent.ts";

/** One data packet and what became of it. */
export interface Packet {
  readonly seq: number;
  readonly receiver: string;
  readonly payload: Buffer;
  /** When it was sent, the first time and again. Seconds since 1970. */
  readonly sentS: number[];
  /** When acks came; more than one where a copy was acked too. */
  readonly ackedS: number[];
  /** Copies whose bytes differ from the first. */
  altered: number;
}

export interface Transaction {
  readonly client: string;
  readonly tid: number;
  /** Undefined where the capture began after the plan. */
  readonly plan: { readonly atS: number; readonly receivers: readonly Receiver[] } | undefined;
  readonly intentS: number | undefined;
  readonly intents: number;
  /** By SEQ and receiver, in the order in which they were first sent. */
  readonly packets: readonly Packet[];
  /** Acks for nothing that was sent, as far as the capture shows. */
  readonly strayAcks: number;
  /** Data packets of which the capture kept only a part. */
  readonly cut: number;
  /** Mean round trips of pings to the receivers, in milliseconds, by address. */
  readonly pingsMs: ReadonlyMap<string, number>;
}

interface Open {
  client: string;
  tid: number;
  plan: Transaction["plan"];
  intentS: number | undefined;
  intents: number;
  packets: Map<string, Packet>;
  strayAcks: number;
  cut: number;
}

export interface Found {
  readonly transactions: readonly Transaction[];
  /** Datagrams on UDP that are no message of the protocol. */
  readonly others: number;
}

export function findTransactions({ datagrams, echoes }: Traffic): Found {
  const intents = new Map<string, { firstS: number; count: number }>();
  const open = new Map<string, Open>();
  let others = 0;
  for (const datagram of datagrams) {
    const message = messageOf(datagram);
    if (!message) {
      others++;
      continue;
    }
    take(message, datagram, intents, open);
  }
  const pingsMs = meanPings(echoes);
  return {
    transactions: [...open.values()].map((one) => ({
      ...one,
      packets: [...one.packets.values()],
      pingsMs,
    })),
    others,
  };
}

/** What the client sent and got from its intent to the last ack, whatever the bytes. */
export function transactionDatagrams({ datagrams }: Traffic, one: Transaction): Datagram[] {
  const address = one.client.slice(0, one.client.lastIndexOf(":")).replace(/^\[|\]$/g, "");
  const times = one.packets.flatMap(({ sentS, ackedS }) => [...sentS, ...ackedS]);
  if (one.plan) times.push(one.plan.atS);
  if (one.intentS !== undefined) times.push(one.intentS);
  const { least, most } = extent(times) ?? { least: -Infinity, most: Infinity };
  return datagrams.filter(({ timeS, source, destination }) =>
    timeS >= least && timeS <= most &&
    (source.address === address || destination.address === address)
  );
}

function messageOf(datagram: Datagram): Message | undefined {
  try {
    return readMessage(datagram.payload);
  } catch (error) {
    if (error instanceof MessageError) return badData(datagram.payload);
    throw error;
  }
}

/** A data packet with no payload or too much, which the rules judge and receivers refuse. */
function badData(bytes: Buffer): Message | undefined {
  const head = /^Type:2;TID:(\d{1,10});SEQ:(\d{1,10});DATA:/.exec(bytes.toString("latin1", 0, 64));
  const seq = Number(head?.[2]);
  if (!head || seq > HIGHEST_SEQ) return undefined;
  return { type: "data", tid: Number(head[1]), seq, payload: bytes.subarray(head[0].length) };
}

function take(
  message: Message,
  datagram: Datagram,
  intents: Map<string, { firstS: number; count: number }>,
  open: Map<string, Open>,
): void {
  const { timeS, source, destination } = datagram;
  if (message.type === "intent") {
    const key = endpointName(source);
    const known = intents.get(key);
    intents.set(key, { firstS: known?.firstS ?? timeS, count: (known?.count ?? 0) + 1 });
    return;
  }
  const client = message.type === "data" ? source : destination;
  const one = transaction(open, client, message.tid);
  if (message.type === "plan") {
    if (one.plan) return;
    const asked = intents.get(endpointName(destination));
    one.plan = { atS: timeS, receivers: message.receivers };
    one.intentS = asked?.firstS;
    one.intents = asked?.count ?? 0;
    // The next transaction from this socket begins with an intent of its own.
    intents.delete(endpointName(destination));
    return;
  }
  const receiver = message.type === "data" ? destination.address : source.address;
  const key = `${message.seq} ${receiver}`;
  const packet = one.packets.get(key);
  if (message.type === "ack") {
    if (packet) packet.ackedS.push(timeS);
    else one.strayAcks++;
    return;
  }
  const payload = Buffer.from(message.payload);
  if (datagram.cut) one.cut++;
  if (packet) {
    packet.sentS.push(timeS);
    if (!packet.payload.equals(payload)) packet.altered++;
    return;
  }
  one.packets.set(key, {
    seq: message.seq,
    receiver,
    payload,
    sentS: [timeS],
    ackedS: [],
    altered: 0,
  });
}

/** By address and TID: a client may use a socket, and so a port, for each receiver. */
function transaction(open: Map<string, Open>, client: Endpoint, tid: number): Open {
  const key = `${client.address} ${tid}`;
  let one = open.get(key);
  if (!one) {
    one = {
      client: endpointName(client),
      tid,
      plan: undefined,
      intentS: undefined,
      intents: 0,
      packets: new Map(),
      strayAcks: 0,
      cut: 0,
    };
    open.set(key, one);
  }
  return one;
}

function meanPings(echoes: Traffic["echoes"]): Map<string, number> {
  const all = new Map<string, number[]>();
  for (const { address, roundTripMs } of echoes) {
    const times = all.get(address);
    if (times) times.push(roundTripMs);
    else all.set(address, [roundTripMs]);
  }
  return new Map([...all].map(([address, times]) => [
    address,
    times.reduce((sum, time) => sum + time, 0) / times.length,
  ]));
}
