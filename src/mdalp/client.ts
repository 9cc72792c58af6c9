/**
 * The client: asks the orchestrator for a plan, measures the receivers, shares the payload out and
 * sends to all of them at once. Rules: spec/mdalp, client.
 */
import type { Buffer } from "node:buffer";
import { udp } from "../net/mod.ts";
import type { DatagramHandler, UdpAddress, UdpDriver } from "../net/mod.ts";
import { askForPlan } from "./ask-for-plan.ts";
import { connectTime } from "./connect-time.ts";
import { LATENCY_SOURCES, measureLatencies } from "./latency.ts";
import type { Latencies, LatencyParts } from "./latency.ts";
import { readMessage, writeIntent } from "./message.ts";
import type { Message, Receiver } from "./message.ts";
import { orAborted } from "./or-aborted.ts";
import { layOut, packetCount } from "./packets.ts";
import type { Packet } from "./packets.ts";
import { ping } from "./ping.ts";
import { Sender } from "./sender.ts";
import type { SenderFigures, SenderOptions } from "./sender.ts";
import { sendShares } from "./send-shares.ts";
import { splitByInverseLatency } from "./split.ts";
import type { RetransmissionTimeout } from "./timeout.ts";
import { TransferError } from "./transfer-error.ts";

export interface TransferOptions {
  readonly orchestrator: UdpAddress;
  /** Where the client's own socket is bound; port 0 lets the kernel choose. */
  readonly local: UdpAddress;
  /** The port of the receivers: the protocol's own, but in tests. */
  readonly receiverPort: number;
  readonly payload: Uint8Array;
  /** All to the receiver of this number, from 0; undefined shares the payload out. */
  readonly only: number | undefined;
  /** Milliseconds after which the intent is sent again. */
  readonly intentAgainMs: number;
  /** Milliseconds until the wait for a plan is given up; queues of a quarter of an hour were seen. */
  readonly planMs: number;
  /** Milliseconds without an ack after which a receiver counts as dead. */
  readonly giveUpMs: number;
  /** One for each receiver, since their paths differ. */
  readonly timeout: () => RetransmissionTimeout;
  /** Told what happens, for people. */
  readonly say: (text: string) => void;
  readonly onProgress?: (acknowledged: number, packets: number) => void;
  /** Stops the transfer, which then rejects with the reason. */
  readonly signal?: AbortSignal;
}

/** The part of a sender that a transfer needs. */
export type ShareSender = Pick<Sender, "run" | "acknowledged" | "stop">;

/** What a client is made of; another part changes one thing that it does. */
export interface TransferParts extends LatencyParts {
  driver: UdpDriver;
  writeIntent(): Buffer;
  /** Throws a MessageError for what is no message, which is then passed over. */
  read(datagram: Uint8Array): Message;
  /** Packets of each receiver. */
  split(packets: number, latenciesMs: readonly number[]): number[];
  /** How many packets a payload of so many bytes makes. */
  packetCount(bytes: number): number;
  /** Each receiver's packets, in plan order. */
  layOut(payload: Uint8Array, counts: readonly number[]): Packet[][];
  sender(options: SenderOptions): ShareSender;
  /** Starts the senders; resolves with their figures, in their order. */
  runAll(senders: readonly ShareSender[]): Promise<SenderFigures[]>;
  /** Which receiver an ack is from, by its place in `receivers`; -1 for one that does not count. */
  ackedBy(
    ack: { readonly tid: number; readonly from: UdpAddress },
    expected: { readonly tid: number; readonly receivers: readonly UdpAddress[] },
  ): number;
}

export const transferParts: TransferParts = {
  driver: udp,
  writeIntent,
  read: readMessage,
  latency: ping,
  connectTime: (address, port, signal) => connectTime(address, port, signal),
  split: splitByInverseLatency,
  packetCount,
  layOut,
  sender: (options) => new Sender(options),
  runAll: (senders) => Promise.all(senders.map((sender) => sender.run())),
  ackedBy: ({ tid, from }, expected) =>
    tid !== expected.tid
      ? -1
      : expected.receivers.findIndex(({ host, port }) => host === from.host && port === from.port),
};

export interface ReceiverResult extends SenderFigures {
  readonly receiver: Receiver;
  /** Undefined where it was not measured. */
  readonly latencyMs: number | undefined;
}

export interface TransferResult {
  readonly tid: number;
  readonly bytes: number;
  readonly receivers: readonly ReceiverResult[];
  /** How the latencies were found; undefined where one receiver was chosen. */
  readonly measured: Latencies["how"] | undefined;
  /** Milliseconds from the first packet to the last ack. */
  readonly makespanMs: number;
}

/** Rejects with a TransferError, a ReceiverDead, a NetError or the signal's reason. */
export async function transfer(
  options: TransferOptions,
  parts: TransferParts = transferParts,
): Promise<TransferResult> {
  const { payload, orchestrator, say, signal = new AbortController().signal } = options;
  if (payload.length === 0) {
    throw new TransferError("empty", "the payload is empty: there is nothing to send");
  }
  let listener: DatagramHandler = () => {};
  const listen = (next: DatagramHandler) => listener = next;
  const socket = await parts.driver.bind(
    options.local,
    (datagram, from) => listener(datagram, from),
  );
  try {
    const plan = await askForPlan({
      ...options,
      signal,
      listen,
      read: parts.read,
      ask: () => socket.send(parts.writeIntent(), orchestrator),
    });
    say(`transaction ${plan.tid} over ${plan.receivers.length} receiver(s)`);
    const { receivers, counts, latencies } = await shareOut(plan.receivers, options, parts, signal);
    const sent = await sendShares({
      tid: plan.tid,
      receivers,
      packets: parts.layOut(payload, counts),
      socket,
      listen,
      signal,
      options,
      parts,
    });
    return {
      tid: plan.tid,
      bytes: payload.length,
      measured: latencies?.how,
      makespanMs: sent.makespanMs,
      receivers: receivers.map((receiver, i) => ({
        receiver,
        latencyMs: latencies?.ms?.[i],
        ...sent.figures[i] as SenderFigures,
      })),
    };
  } finally {
    socket.close();
  }
}

interface Shares {
  readonly receivers: readonly Receiver[];
  /** Packets of each. */
  readonly counts: readonly number[];
  readonly latencies: Latencies | undefined;
}

async function shareOut(
  receivers: readonly Receiver[],
  options: TransferOptions,
  parts: TransferParts,
  signal: AbortSignal,
): Promise<Shares> {
  const packets = parts.packetCount(options.payload.length);
  if (options.only !== undefined) {
    const only = receivers[options.only];
    if (only) return { receivers: [only], counts: [packets], latencies: undefined };
    const most = receivers.length;
    throw new TransferError(
      "no-such-receiver",
      `receiver ${options.only + 1} is not in the plan, which has ${most}; choose 1 to ${most}`,
    );
  }
  const addresses = receivers.map(({ address }) => address);
  const latencies = await orAborted(
    signal,
    measureLatencies(addresses, options.receiverPort, parts, signal),
  );
  options.say(LATENCY_SOURCES[latencies.how]);
  const counts = parts.split(packets, latencies.ms ?? receivers.map(() => 1));
  return { receivers, counts, latencies };
}
