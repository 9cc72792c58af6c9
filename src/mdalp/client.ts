/**
 * The client: asks the orchestrator for a plan, measures the receivers, shares the payload out and
 * sends to all of them at once. Rules: spec/mdalp, client.
 */
import { udp } from "../net/mod.ts";
import type { UdpAddress, UdpDriver, UdpSocket } from "../net/mod.ts";
import { PAYLOAD_BYTES, readMessage, writeIntent } from "./message.ts";
import type { Message, Receiver } from "./message.ts";
import { MessageError } from "./message.ts";
import { ping } from "./ping.ts";
import { Sender } from "./sender.ts";
import type { SenderFigures } from "./sender.ts";
import { splitByInverseLatency } from "./split.ts";
import type { RetransmissionTimeout } from "./timeout.ts";

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
}

/** What a client is made of; another part changes one thing that it does. */
export interface TransferParts {
  driver: UdpDriver;
  /** Milliseconds; undefined where it cannot be measured. */
  latency(address: string): Promise<number | undefined>;
  /** Packets of each receiver. */
  split(packets: number, latenciesMs: readonly number[]): number[];
}

export const transferParts: TransferParts = {
  driver: udp,
  latency: ping,
  split: splitByInverseLatency,
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
  /** Milliseconds from the first packet to the last ack. */
  readonly makespanMs: number;
}

/** A transfer that cannot be done. */
export class TransferError extends Error {
  readonly code: "empty" | "no-plan" | "no-such-receiver";

  constructor(code: TransferError["code"], message: string) {
    super(message);
    this.name = "TransferError";
    this.code = code;
  }
}

/** Rejects with a TransferError, a ReceiverDead or a NetError. */
export async function transfer(
  options: TransferOptions,
  parts: TransferParts = transferParts,
): Promise<TransferResult> {
  if (options.payload.length === 0) {
    throw new TransferError("empty", "the payload is empty: there is nothing to send");
  }
  let listener: (message: Message, from: UdpAddress) => void = () => {};
  const socket = await parts.driver.bind(options.local, (datagram, from) => {
    const message = messageOf(datagram);
    if (message) listener(message, from);
  });
  try {
    const plan = await askForPlan(socket, options, (next) => listener = next);
    options.say(`transaction ${plan.tid} over ${plan.receivers.length} receiver(s)`);
    const shares = await shareOut(plan.receivers, options, parts);
    return await sendShares(plan.tid, shares, socket, options, (next) => listener = next);
  } finally {
    socket.close();
  }
}

type Listen = (listener: (message: Message, from: UdpAddress) => void) => void;

/** Garbage is passed over: rule mdalp.client.garbage. */
function messageOf(datagram: Uint8Array): Message | undefined {
  try {
    return readMessage(datagram);
  } catch (error) {
    if (error instanceof MessageError) return undefined;
    throw error;
  }
}

function askForPlan(
  socket: UdpSocket,
  options: TransferOptions,
  listen: Listen,
): Promise<Extract<Message, { type: "plan" }>> {
  const { orchestrator } = options;
  return new Promise((resolve, reject) => {
    const ask = () => socket.send(writeIntent(), orchestrator);
    const again = setInterval(ask, options.intentAgainMs);
    const late = setTimeout(() => {
      clearInterval(again);
      const seconds = options.planMs / 1000;
      reject(
        new TransferError(
          "no-plan",
          `no plan came within ${seconds} s; does the orchestrator run?`,
        ),
      );
    }, options.planMs);
    listen((message, from) => {
      if (message.type !== "plan" || from.host !== orchestrator.host) return;
      clearInterval(again);
      clearTimeout(late);
      resolve(message);
    });
    ask();
  });
}

interface Share {
  readonly receiver: Receiver;
  readonly latencyMs: number | undefined;
  readonly packets: number;
}

async function shareOut(
  receivers: readonly Receiver[],
  options: TransferOptions,
  parts: TransferParts,
): Promise<Share[]> {
  const packets = Math.ceil(options.payload.length / PAYLOAD_BYTES);
  if (options.only !== undefined) {
    const only = receivers[options.only];
    if (only) return [{ receiver: only, latencyMs: undefined, packets }];
    const most = receivers.length;
    throw new TransferError(
      "no-such-receiver",
      `receiver ${options.only + 1} is not in the plan, which has ${most}; choose 1 to ${most}`,
    );
  }
  const measured = await Promise.all(receivers.map(({ address }) => parts.latency(address)));
  const known = measured.every((latency) => latency !== undefined);
  if (!known) options.say("no latency could be measured (no ping?): the shares are equal");
  const latencies = known ? measured as number[] : receivers.map(() => 1);
  const counts = parts.split(packets, latencies);
  return receivers.map((receiver, i) => ({
    receiver,
    latencyMs: measured[i],
    packets: counts[i] as number,
  }));
}

/** All receivers at once, each a contiguous range of SEQ in plan order. */
async function sendShares(
  tid: number,
  shares: readonly Share[],
  socket: UdpSocket,
  options: TransferOptions,
  listen: Listen,
): Promise<TransferResult> {
  const packets = shares.reduce((sum, share) => sum + share.packets, 0);
  const acknowledged = shares.map(() => 0);
  let firstSeq = 0;
  const senders = shares.map((share, i) => {
    const from = firstSeq;
    firstSeq += share.packets;
    const to = { host: share.receiver.address, port: options.receiverPort };
    return new Sender({
      tid,
      firstSeq: from,
      payload: options.payload.subarray(from * PAYLOAD_BYTES, firstSeq * PAYLOAD_BYTES),
      timeout: options.timeout(),
      giveUpMs: options.giveUpMs,
      send: (datagram) => socket.send(datagram, to),
      onProgress(count) {
        acknowledged[i] = count;
        options.onProgress?.(acknowledged.reduce((sum, own) => sum + own, 0), packets);
      },
    });
  });
  listen((message, from) => {
    if (message.type !== "ack" || message.tid !== tid || from.port !== options.receiverPort) return;
    const at = shares.findIndex(({ receiver }) => receiver.address === from.host);
    senders[at]?.acknowledged(message.seq);
  });
  const started = performance.now();
  try {
    const figures = await Promise.all(senders.map((sender) => sender.run()));
    return {
      tid,
      bytes: options.payload.length,
      receivers: shares.map(({ receiver, latencyMs }, i) => ({
        receiver,
        latencyMs,
        ...figures[i] as SenderFigures,
      })),
      makespanMs: performance.now() - started,
    };
  } finally {
    for (const sender of senders) sender.stop();
  }
}
