/** The client's process: sends payloads to servers in another one, and tells what it saw. */
import { sendOnLoopback } from "../../src/mdalp/loopback-transfer.ts";
import type { LoopbackAddresses } from "../../src/mdalp/loopback-servers.ts";
import {
  adaptiveTimeout,
  ReceiverDead,
  TransferError,
  transferParts,
} from "../../src/mdalp/mod.ts";
import { encodeHistogram } from "../histogram.ts";
import type { SequencePoint } from "../model.ts";
import { fastClock } from "./fast-clock.ts";
import type { Order } from "./order.ts";
import { PacketLog } from "./packet-log.ts";
import { payloadOf } from "./payload.ts";

/** A transfer of an order, to servers that are there. */
export interface Sending
  extends Pick<Order, "bytes" | "latenciesMs" | "receivers" | "only" | "timesFaster"> {
  readonly id: number;
  readonly to: LoopbackAddresses;
}

/** Milliseconds are of a clock that all transfers of this process share. */
export interface Sent {
  readonly startedMs: number;
  readonly endedMs: number;
  readonly outcome:
    | { readonly failed: string }
    | {
      readonly failed?: never;
      /** Milliseconds from the first packet to the last ack. */
      readonly makespanMs: number;
      readonly packets: number;
      /** Retransmissions. */
      readonly timeouts: number;
      /** Of each packet's round trip in microseconds, encoded. */
      readonly roundTrips: string;
      readonly sequence: readonly SequencePoint[];
    };
}

/** Longer than a row of losses at the greatest timeout is likely to last. */
const GIVE_UP_MS = 60_000;

/** What the client's process can be told. */
export function sendingServices() {
  const running = new Map<number, AbortController>();
  return {
    /** Sends a payload; rejects where it is stopped. */
    async send(sending: Sending): Promise<Sent> {
      const controller = new AbortController();
      running.set(sending.id, controller);
      try {
        return await send(sending, controller.signal);
      } finally {
        running.delete(sending.id);
      }
    },
    /** Stops one that is being sent, if it still is. */
    stop({ id }: { readonly id: number }): void {
      running.get(id)?.abort(new TransferError("stopped", "the transfer was stopped"));
    },
  };
}

async function send(sending: Sending, signal: AbortSignal): Promise<Sent> {
  const { to, latenciesMs, receivers, only, bytes, timesFaster } = sending;
  const names = new Map(
    to.receivers.map((host, i) => [`${host}:${to.receiverPort}`, receivers[i] ?? host]),
  );
  const log = new PacketLog((receiver) => names.get(receiver) ?? receiver);
  const clock = fastClock(timesFaster);
  const callMs = performance.now();
  const times = () => ({
    startedMs: log.firstMs ?? callMs,
    endedMs: log.lastMs ?? performance.now(),
  });
  try {
    const result = await sendOnLoopback(to, {
      payload: payloadOf(bytes),
      latenciesMs,
      giveUpMs: GIVE_UP_MS * timesFaster,
      only: only ?? undefined,
      timeout: () => adaptiveTimeout(),
      signal,
    }, { ...transferParts, sender: (options) => log.sender({ ...options, clock }) });
    const total = (of: "packets" | "timeouts") =>
      result.receivers.reduce((sum, receiver) => sum + receiver[of], 0);
    return {
      ...times(),
      outcome: {
        makespanMs: result.makespanMs,
        packets: total("packets"),
        timeouts: total("timeouts"),
        roundTrips: encodeHistogram(log.roundTrips),
        sequence: log.sequence(),
      },
    };
  } catch (error) {
    if (signal.aborted) throw error;
    if (!(error instanceof ReceiverDead) && !(error instanceof TransferError)) throw error;
    return {
      startedMs: times().startedMs,
      endedMs: performance.now(),
      outcome: { failed: error.code },
    };
  }
}
