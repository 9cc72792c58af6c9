/**
 * Judges a captured transaction by the client's rules, as far as a capture shows them. Source:
 * spec/mdalp, "Traces".
 */
import { Buffer } from "node:buffer";
import { makespanBoundMs, PAYLOAD_BYTES } from "../../../src/mdalp/mod.ts";
import type { Level } from "../../engine/verdict.ts";
import type { Packet, Transaction } from "./transactions.ts";

export interface Finding {
  readonly rule: string;
  readonly level: Level;
  readonly verdict: "pass" | "fail" | "unknown";
  readonly message: string;
}

/** What a server would have called the transaction. */
export type Result =
  | "Transaction completed!"
  | "Transaction failed! Complete data but load balancing violation!"
  | "Transaction failed! Load balancing violation and incomplete data!"
  | "Transaction failed! Incomplete data!";

export interface ReceiverFigures {
  readonly address: string;
  readonly packets: number;
  readonly bytes: number;
  readonly timeouts: number;
  /** Mean milliseconds from the last copy sent to the ack; undefined where none came. */
  readonly ackMs: number | undefined;
  readonly pingMs: number | undefined;
}

export interface Judgement {
  readonly client: string;
  readonly tid: number;
  readonly result: Result;
  readonly receivers: readonly ReceiverFigures[];
  readonly bytes: number;
  /** Retransmissions: copies sent because no ack had come. */
  readonly timeouts: number;
  /** Seconds from the intent to the plan. */
  readonly planS: number | undefined;
  /** Seconds from the first packet to the last ack. */
  readonly makespanS: number;
  /** N/S with the pings seen, in seconds. */
  readonly boundS: number | undefined;
  readonly findings: readonly Finding[];
}

const LEAST_SHARE = 0.1;
const RETRANSMIT_S = 10;

export function judgeTransaction(one: Transaction, payload?: Uint8Array): Judgement {
  const receivers = figures(one);
  const findings = [
    intent(one),
    limit(one),
    full(one),
    stopAndWait(one),
    retransmits(one),
    sequence(one),
    reassembles(one, payload),
    shares(one, receivers),
  ];
  const failed = (rule: string) =>
    findings.some((finding) => finding.rule.endsWith(rule) && finding.verdict === "fail");
  const complete = isComplete(one, payload);
  const violation = failed(".shares");
  const packets = receivers.reduce((sum, receiver) => sum + receiver.packets, 0);
  const pings = receivers.map(({ pingMs }) => pingMs);
  return {
    client: one.client,
    tid: one.tid,
    result: resultOf(complete, violation),
    receivers,
    bytes: receivers.reduce((sum, receiver) => sum + receiver.bytes, 0),
    timeouts: receivers.reduce((sum, receiver) => sum + receiver.timeouts, 0),
    planS: one.plan && one.intentS !== undefined ? one.plan.atS - one.intentS : undefined,
    makespanS: makespan(one.packets),
    boundS: pings.every((ping) => ping !== undefined) && pings.length > 0
      ? makespanBoundMs(packets, pings as number[]) / 1000
      : undefined,
    findings,
  };
}

function resultOf(complete: boolean, violation: boolean): Result {
  if (complete && !violation) return "Transaction completed!";
  if (complete) return "Transaction failed! Complete data but load balancing violation!";
  if (violation) return "Transaction failed! Load balancing violation and incomplete data!";
  return "Transaction failed! Incomplete data!";
}

function figures(one: Transaction): ReceiverFigures[] {
  const planned = one.plan?.receivers.map(({ address }) => address) ?? [];
  const used = one.packets.map(({ receiver }) => receiver);
  return [...new Set([...planned, ...used])].map((address) => {
    const own = one.packets.filter(({ receiver }) => receiver === address);
    const times = own.filter(({ ackedS }) => ackedS.length > 0).map(ackMs);
    return {
      address,
      packets: own.length,
      bytes: own.reduce((sum, { payload }) => sum + payload.length, 0),
      timeouts: own.reduce((sum, { sentS }) => sum + sentS.length - 1, 0),
      ackMs: times.length > 0 ? times.reduce((sum, ms) => sum + ms, 0) / times.length : undefined,
      pingMs: one.pingsMs.get(address),
    };
  });
}

function ackMs({ sentS, ackedS }: Packet): number {
  const acked = ackedS[0] as number;
  const sent = sentS.filter((at) => at <= acked).at(-1) ?? (sentS[0] as number);
  return (acked - sent) * 1000;
}

function makespan(packets: readonly Packet[]): number {
  const acks = packets.flatMap(({ ackedS }) => ackedS.slice(0, 1));
  if (acks.length === 0) return 0;
  return Math.max(...acks) - Math.min(...packets.map(({ sentS }) => sentS[0] as number));
}

function finding(
  name: string,
  level: Level,
  verdict: Finding["verdict"],
  message: string,
): Finding {
  return { rule: `mdalp.client.${name}`, level, verdict, message };
}

function intent(one: Transaction): Finding {
  if (!one.plan) return finding("intent", "MUST", "unknown", "the capture begins after the plan");
  return one.intentS === undefined
    ? finding("intent", "MUST", "unknown", "the capture begins after the intent")
    : finding("intent", "MUST", "pass", `asked ${one.intents} time(s)`);
}

function limit(one: Transaction): Finding {
  const largest = Math.max(0, ...one.packets.map(({ payload }) => payload.length));
  return finding("payload-limit", "MUST", "pass", `at most ${largest} payload bytes a packet`);
}

function full(one: Transaction): Finding {
  const odd = one.packets.filter((packet) =>
    packet.payload.length < PAYLOAD_BYTES &&
    one.packets.some((other) => other.receiver === packet.receiver && other.seq > packet.seq)
  );
  return odd.length === 0
    ? finding("full-packets", "SHOULD", "pass", "all but a receiver's last are full")
    : finding("full-packets", "SHOULD", "fail", `not full: SEQ ${list(odd.map(({ seq }) => seq))}`);
}

/** A packet is in flight from when it is first sent until its first ack. */
function stopAndWait(one: Transaction): Finding {
  for (const receiver of new Set(one.packets.map((packet) => packet.receiver))) {
    const own = one.packets.filter((packet) => packet.receiver === receiver);
    for (const [i, next] of own.entries()) {
      const previous = own[i - 1];
      if (!previous) continue;
      const acked = previous.ackedS[0];
      if (acked !== undefined && acked <= (next.sentS[0] as number)) continue;
      const message = `SEQ ${next.seq} went to ${receiver} before the ack of SEQ ${previous.seq}`;
      return finding("stop-and-wait", "MUST", "fail", message);
    }
  }
  return finding("stop-and-wait", "MUST", "pass", "at most one packet in flight per receiver");
}

function retransmits(one: Transaction): Finding {
  const altered = one.packets.filter((packet) => packet.altered > 0);
  if (altered.length > 0) {
    const message = `sent again with other bytes: SEQ ${list(altered.map(({ seq }) => seq))}`;
    return finding("retransmits", "MUST", "fail", message);
  }
  const waits = one.packets.flatMap(({ sentS }) =>
    sentS.slice(1).map((at, i) => at - (sentS[i] as number))
  );
  if (waits.length === 0) {
    return finding("retransmits", "MUST", "unknown", "no packet was sent twice");
  }
  const longest = Math.max(...waits);
  const message = `${waits.length} sent again, after ${Math.min(...waits).toFixed(2)} to ${
    longest.toFixed(2)
  } s`;
  return finding("retransmits", "MUST", longest <= RETRANSMIT_S ? "pass" : "fail", message);
}

function sequence(one: Transaction): Finding {
  const seqs = one.packets.map(({ seq }) => seq).sort((a, b) => a - b);
  const gap = seqs.findIndex((seq, i) => seq !== i);
  if (gap >= 0) {
    const message = `SEQ ${seqs[gap]} stands where ${gap} belongs`;
    return finding("sequence", "MUST", "fail", message);
  }
  const ranges = (one.plan?.receivers ?? []).map(({ address }) =>
    one.packets.filter(({ receiver }) => receiver === address).map(({ seq }) => seq)
  ).filter((own) => own.length > 0);
  let next = 0;
  for (const own of ranges) {
    const [least, most] = [Math.min(...own), Math.max(...own)];
    if (least !== next || most - least + 1 !== own.length) {
      return finding(
        "sequence",
        "MUST",
        "fail",
        "the receivers' ranges do not follow the plan's order",
      );
    }
    next = most + 1;
  }
  return finding("sequence", "MUST", "pass", `SEQ 0 to ${seqs.length - 1}, ranges in plan order`);
}

/** What the receivers acknowledged, in SEQ order. */
function delivered(one: Transaction): Buffer {
  const acked = one.packets.filter(({ ackedS }) => ackedS.length > 0);
  return Buffer.concat(acked.toSorted((a, b) => a.seq - b.seq).map(({ payload }) => payload));
}

function isComplete(one: Transaction, payload: Uint8Array | undefined): boolean {
  const acked = one.packets.every(({ ackedS }) => ackedS.length > 0);
  const gapless = new Set(one.packets.map(({ seq }) => seq)).size === one.packets.length;
  if (!acked || !gapless || one.packets.length === 0) return false;
  return payload === undefined || delivered(one).equals(payload);
}

function reassembles(one: Transaction, payload: Uint8Array | undefined): Finding {
  const lost = one.packets.filter(({ ackedS }) => ackedS.length === 0).map(({ seq }) => seq);
  if (lost.length > 0) {
    return finding("reassembles", "MUST", "fail", `never acknowledged: SEQ ${list(lost)}`);
  }
  const bytes = delivered(one);
  if (payload === undefined) {
    const message = `${bytes.length} bytes acknowledged; give the file with --payload to compare`;
    return finding("reassembles", "MUST", "unknown", message);
  }
  return bytes.equals(payload)
    ? finding("reassembles", "MUST", "pass", `${bytes.length} bytes, those of the payload`)
    : finding(
      "reassembles",
      "MUST",
      "fail",
      `${bytes.length} bytes, not the payload's ${payload.length}`,
    );
}

function shares(one: Transaction, receivers: readonly ReceiverFigures[]): Finding {
  const total = receivers.reduce((sum, { bytes }) => sum + bytes, 0);
  const text = receivers.map(({ bytes }) => `${Math.round(100 * bytes / (total || 1))} %`).join(
    ", ",
  );
  if (receivers.length < 2) {
    return finding("shares", "MUST", "unknown", "one receiver only, as far as the capture shows");
  }
  const least = Math.floor(total * LEAST_SHARE);
  const below = receivers.filter(({ bytes }) => bytes < least);
  if (below.length > 0) {
    const message = `shares ${text}: under 10 % for ${
      below.map(({ address }) => address).join(", ")
    }`;
    return finding("shares", "MUST", "fail", message);
  }
  for (const a of receivers) {
    for (const b of receivers) {
      if (a.pingMs === undefined || b.pingMs === undefined || a.pingMs < 1.5 * b.pingMs) continue;
      if (a.packets > b.packets && one.packets.length >= 50) {
        const message = `shares ${text}: ${a.address} is slower than ${b.address} and got more`;
        return finding("shares", "MUST", "fail", message);
      }
    }
  }
  return finding("shares", "MUST", "pass", `shares ${text}`);
}

function list(seqs: readonly number[]): string {
  const shown = seqs.slice(0, 10).join(", ");
  return seqs.length > 10 ? `${shown} and ${seqs.length - 10} more` : shown;
}
