/**
 * The client's rules on the packets of a captured transaction: which of them it keeps, as far as a
 * capture shows. Source: spec/mdalp, "client".
 */
import { PAYLOAD_BYTES } from "../../../src/mdalp/mod.ts";
import type { Level } from "../../engine/verdict.ts";
import { byReceiver } from "./by-receiver.ts";
import { extent } from "./extent.ts";
import type { Packet, Transaction } from "./transactions.ts";

export interface Finding {
  readonly rule: string;
  readonly level: Level;
  readonly verdict: "pass" | "fail" | "unknown";
  readonly message: string;
}

const RETRANSMIT_S = 10;

export function packetFindings(one: Transaction): Finding[] {
  return [intent(one), limit(one), full(one), stopAndWait(one), retransmits(one), sequence(one)];
}

export function finding(
  name: string,
  level: Level,
  verdict: Finding["verdict"],
  message: string,
): Finding {
  return { rule: `mdalp.client.${name}`, level, verdict, message };
}

/** The capture begins after the transfer did, so what is missing may be the capture's fault. */
export function beginsLate(one: Transaction): boolean {
  return !one.plan && !one.packets.some(({ seq }) => seq === 0);
}

export function list(seqs: readonly number[]): string {
  const shown = seqs.slice(0, 10).join(", ");
  return seqs.length > 10 ? `${shown} and ${seqs.length - 10} more` : shown;
}

function intent(one: Transaction): Finding {
  if (!one.plan) return finding("intent", "MUST", "unknown", "the capture begins after the plan");
  return one.intentS === undefined
    ? finding("intent", "MUST", "unknown", "the capture begins after the intent")
    : finding("intent", "MUST", "pass", `asked ${one.intents} time(s)`);
}

const NO_PACKET = "no data packet was captured";
const CUT = "the capture kept only a part of some packets; capture them whole";

function limit(one: Transaction): Finding {
  const sizes = extent(one.packets.map(({ payload }) => payload.length));
  if (!sizes) return finding("payload-limit", "MUST", "unknown", NO_PACKET);
  if (one.cut > 0) return finding("payload-limit", "MUST", "unknown", CUT);
  const { least, most } = sizes;
  return least >= 1 && most <= PAYLOAD_BYTES
    ? finding("payload-limit", "MUST", "pass", `at most ${most} payload bytes a packet`)
    : finding(
      "payload-limit",
      "MUST",
      "fail",
      `${least < 1 ? least : most} payload bytes in a packet, not 1 to ${PAYLOAD_BYTES}`,
    );
}

function full(one: Transaction): Finding {
  if (one.packets.length === 0) return finding("full-packets", "SHOULD", "unknown", NO_PACKET);
  if (one.cut > 0) return finding("full-packets", "SHOULD", "unknown", CUT);
  const last = new Map<string, number>();
  for (const { receiver, seq } of one.packets) {
    last.set(receiver, Math.max(seq, last.get(receiver) ?? 0));
  }
  const odd = one.packets.filter(({ receiver, seq, payload }) =>
    payload.length < PAYLOAD_BYTES && seq !== last.get(receiver)
  );
  return odd.length === 0
    ? finding("full-packets", "SHOULD", "pass", "all but a receiver's last are full")
    : finding("full-packets", "SHOULD", "fail", `not full: SEQ ${list(odd.map(({ seq }) => seq))}`);
}

/** A packet is in flight from when it is first sent until its first ack. */
function stopAndWait(one: Transaction): Finding {
  if (one.packets.length === 0) return finding("stop-and-wait", "MUST", "unknown", NO_PACKET);
  const latest = new Map<string, Packet>();
  for (const next of one.packets) {
    const previous = latest.get(next.receiver);
    latest.set(next.receiver, next);
    const acked = previous?.ackedS[0];
    if (!previous || (acked !== undefined && acked <= (next.sentS[0] as number))) continue;
    const message =
      `SEQ ${next.seq} went to ${next.receiver} before the ack of SEQ ${previous.seq}`;
    return finding("stop-and-wait", "MUST", "fail", message);
  }
  return finding("stop-and-wait", "MUST", "pass", "at most one packet in flight per receiver");
}

function retransmits(one: Transaction): Finding {
  const altered = one.packets.filter((packet) => packet.altered > 0);
  if (altered.length > 0) {
    const message = `sent again with other bytes: SEQ ${list(altered.map(({ seq }) => seq))}`;
    return finding("retransmits", "MUST", "fail", message);
  }
  const endS = extent(one.packets.flatMap(({ sentS, ackedS }) => [...sentS, ...ackedS]))?.most ?? 0;
  const late = one.packets.filter((packet) => longestSilenceS(packet, endS) > RETRANSMIT_S);
  if (late.length > 0) {
    const longest = extent(late.map((packet) => longestSilenceS(packet, endS))) as { most: number };
    const message = `no ack and not sent again for up to ${longest.most.toFixed(2)} s, more than ` +
      `${RETRANSMIT_S} s: SEQ ${list(late.map(({ seq }) => seq))}`;
    return finding("retransmits", "MUST", "fail", message);
  }
  const waits = extent(
    one.packets.flatMap(({ sentS }) => sentS.slice(1).map((at, i) => at - (sentS[i] as number))),
  );
  if (!waits) return finding("retransmits", "MUST", "unknown", "no packet was sent twice");
  const copies = one.packets.reduce((sum, { sentS }) => sum + sentS.length - 1, 0);
  const message = `${copies} sent again, after ${waits.least.toFixed(2)} to ${
    waits.most.toFixed(2)
  } s`;
  return finding("retransmits", "MUST", "pass", message);
}

/**
 * The longest time that a packet lay unacknowledged with no further copy of it. One that was sent
 * again and then given up is another rule's matter.
 */
function longestSilenceS({ sentS, ackedS: [acked] }: Packet, endS: number): number {
  const end = acked ?? (sentS.length === 1 ? endS : (sentS.at(-1) as number));
  const times = [...sentS.filter((at) => at <= end), end];
  return extent(times.slice(1).map((at, i) => at - (times[i] as number)))?.most ?? 0;
}

function sequence(one: Transaction): Finding {
  const failed = (message: string) => finding("sequence", "MUST", "fail", message);
  if (one.packets.length === 0) return finding("sequence", "MUST", "unknown", NO_PACKET);
  if (beginsLate(one)) {
    return finding("sequence", "MUST", "unknown", "the capture begins after SEQ 0");
  }
  const seqs = one.packets.map(({ seq }) => seq).sort((a, b) => a - b);
  const gap = seqs.findIndex((seq, i) => seq !== i);
  if (gap >= 0) return failed(`SEQ ${seqs[gap]} stands where ${gap} belongs`);
  const planned = one.plan && new Set(one.plan.receivers.map(({ address }) => address));
  const stranger = planned && one.packets.find(({ receiver }) => !planned.has(receiver));
  if (stranger) return failed(`SEQ ${stranger.seq} went to ${stranger.receiver}, not in the plan`);
  const ranges = rangesByReceiver(one);
  if (ranges.some(({ least, most, count }) => most - least + 1 !== count)) {
    return failed("a receiver's range has holes");
  }
  if (!planned) {
    const message = `SEQ 0 to ${
      seqs.length - 1
    }; the capture holds no plan to compare the order with`;
    return finding("sequence", "MUST", "pass", message);
  }
  const starts = [...planned].flatMap((address) =>
    ranges.filter(({ receiver }) => receiver === address).map(({ least }) => least)
  );
  if (starts.some((least, i) => i > 0 && least < (starts[i - 1] as number))) {
    return failed("the receivers' ranges do not follow the plan's order");
  }
  return finding("sequence", "MUST", "pass", `SEQ 0 to ${seqs.length - 1}, ranges in plan order`);
}

interface Range {
  readonly receiver: string;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

function rangesByReceiver(one: Transaction): Range[] {
  return [...byReceiver(one)].map(([receiver, packets]) => {
    const own = packets.map(({ seq }) => seq);
    return { receiver, ...extent(own) as { least: number; most: number }, count: own.length };
  });
}
