/**
 * A right transfer as a list of events, for tests to spoil in one place: each receiver gets a range
 * in plan order, each packet goes out when the one before it was acknowledged.
 */
import { Buffer } from "node:buffer";
import { writeAck, writeData, writeIntent, writePlan } from "../../../src/mdalp/mod.ts";
import type { Datagram, Endpoint, Traffic } from "./datagrams.ts";
import { judgeTransaction } from "./trace-judge.ts";
import type { Judgement } from "./trace-judge.ts";
import { findTransactions } from "./transactions.ts";
import type { Transaction } from "./transactions.ts";

export const TID = 3740;
export const CLIENT: Endpoint = { address: "10.0.0.1", port: 50000 };
export const ORCHESTRATOR: Endpoint = { address: "10.0.0.2", port: 4650 };
export const RECEIVERS = ["10.0.1.1", "10.0.1.2", "10.0.1.3"] as const;

export type Event =
  | { readonly kind: "intent"; readonly atS: number }
  | { readonly kind: "plan"; readonly atS: number }
  | {
    readonly kind: "data";
    readonly atS: number;
    readonly to: string;
    readonly seq: number;
    readonly payload: Uint8Array;
  }
  | { readonly kind: "ack"; readonly atS: number; readonly to: string; readonly seq: number };

/** Bytes of which no two packets are alike. */
export function payloadOf(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 7 + Math.floor(i / 100)) % 251));
}

/** Intent at 1000 s, the plan at 1005 s, then packets of 100 bytes, each acked after `ackS`. */
export function transfer(counts: readonly number[], ackS: readonly number[]): Event[] {
  const payload = payloadOf(counts.reduce((sum, count) => sum + count, 0) * 100);
  const events: Event[] = [{ kind: "intent", atS: 1000 }, { kind: "plan", atS: 1005 }];
  let seq = 0;
  for (const [i, count] of counts.entries()) {
    const to = RECEIVERS[i] as string;
    for (let n = 0; n < count; n++, seq++) {
      const sentS = (count: number) => 1005 + count * (ackS[i] as number);
      const bytes = payload.subarray(seq * 100, seq * 100 + 100);
      events.push({ kind: "data", atS: sentS(n), to, seq, payload: bytes });
      events.push({ kind: "ack", atS: sentS(n + 1), to, seq });
    }
  }
  return events;
}

/** Replaces every event for which `spoil` gives others. */
export function spoiled(
  events: readonly Event[],
  spoil: (event: Event) => readonly Event[],
): Event[] {
  return events.flatMap(spoil);
}

/** The datagrams in the order of time, acks before what they let go. */
export function datagramsOf(events: readonly Event[]): Datagram[] {
  const rank = (event: Event) => event.kind === "ack" ? 0 : 1;
  return events.toSorted((a, b) => a.atS - b.atS || rank(a) - rank(b)).map(datagramOf);
}

function datagramOf(event: Event): Datagram {
  const from = (source: Endpoint, destination: Endpoint, payload: Buffer) => {
    return { timeS: event.atS, source, destination, payload, cut: false };
  };
  switch (event.kind) {
    case "intent":
      return from(CLIENT, ORCHESTRATOR, writeIntent());
    case "plan": {
      const list = RECEIVERS.map((address, i) => ({ address, name: `Receiver ${i + 1}` }));
      return from(ORCHESTRATOR, CLIENT, writePlan(TID, list));
    }
    case "data":
      return from(CLIENT, receiver(event.to), writeData(TID, event.seq, event.payload));
    case "ack":
      return from(receiver(event.to), CLIENT, writeAck(TID, event.seq));
  }
}

function receiver(address: string): Endpoint {
  return { address, port: 4650 };
}

/** Pings to the receivers in plan order, in milliseconds. */
export function pings(timesMs: readonly number[]): Traffic["echoes"] {
  return timesMs.map((roundTripMs, i) => ({ address: RECEIVERS[i] as string, roundTripMs }));
}

/** The one transaction of these events. */
export function transactionOf(
  events: readonly Event[],
  echoes: Traffic["echoes"] = [],
): Transaction {
  const { transactions } = findTransactions({ datagrams: datagramsOf(events), echoes });
  const [one, ...others] = transactions;
  if (!one || others.length > 0) throw new Error(`${transactions.length} transactions, not 1`);
  return one;
}

export function judged(
  events: readonly Event[],
  options: { payload?: Uint8Array; echoes?: Traffic["echoes"] } = {},
): Judgement {
  return judgeTransaction(transactionOf(events, options.echoes), options.payload);
}
