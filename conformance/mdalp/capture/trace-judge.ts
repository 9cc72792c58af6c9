/**
 * Judges a captured transaction by the client's rules, as far as a capture shows them. Source:
 * spec/mdalp, "Traces".
 */
import { Buffer } from "node:buffer";
import { makespanBoundMs } from "../../../src/mdalp/mod.ts";
import { balanceFindings } from "./balance-rules.ts";
import { byReceiver } from "./by-receiver.ts";
import { extent } from "./extent.ts";
import { beginsLate, finding, list, packetFindings } from "./trace-rules.ts";
import type { Finding } from "./trace-rules.ts";
import type { Packet, Transaction } from "./transactions.ts";

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

export function judgeTransaction(one: Transaction, payload?: Uint8Array): Judgement {
  const receivers = figures(one);
  const makespanS = makespan(one.packets);
  const findings = [
    ...packetFindings(one),
    reassembles(one, payload),
    ...balanceFindings(one, receivers, makespanS),
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
    makespanS,
    boundS: pings.every((ping) => ping !== undefined && ping > 0) && pings.length > 0
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
  const groups = byReceiver(one);
  return [...new Set([...planned, ...groups.keys()])].map((address) => {
    const own = groups.get(address) ?? [];
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
  const acks = extent(packets.flatMap(({ ackedS }) => ackedS.slice(0, 1)));
  const sent = extent(packets.map(({ sentS }) => sentS[0] as number));
  return acks && sent ? acks.most - sent.least : 0;
}

/** What the receivers acknowledged, in SEQ order. */
function delivered(one: Transaction): Buffer {
  const acked = one.packets.filter(({ ackedS }) => ackedS.length > 0);
  return Buffer.concat(acked.toSorted((a, b) => a.seq - b.seq).map(({ payload }) => payload));
}

function isComplete(one: Transaction, payload: Uint8Array | undefined): boolean {
  const acked = one.packets.every(({ ackedS }) => ackedS.length > 0);
  const seqs = new Set(one.packets.map(({ seq }) => seq));
  // As many as the highest says: no gap, and none to two receivers.
  const gapless = seqs.size === one.packets.length && extent(seqs)?.most === seqs.size - 1;
  if (!acked || !(gapless || beginsLate(one)) || one.packets.length === 0) return false;
  return payload === undefined || !comparable(one) || delivered(one).equals(payload);
}

/** Whether the capture holds every byte that was sent. */
function comparable(one: Transaction): boolean {
  return one.cut === 0 && !beginsLate(one);
}

function reassembles(one: Transaction, payload: Uint8Array | undefined): Finding {
  const lost = one.packets.filter(({ ackedS }) => ackedS.length === 0).map(({ seq }) => seq);
  if (lost.length > 0) {
    return finding("reassembles", "MUST", "fail", `never acknowledged: SEQ ${list(lost)}`);
  }
  if (one.packets.length === 0) {
    // Acks without packets: the capture shows one direction only.
    const verdict = one.strayAcks > 0 ? "unknown" : "fail";
    return finding("reassembles", "MUST", verdict, "no data packet was captured");
  }
  if (!comparable(one)) {
    const message = "the capture lacks bytes of the packets, or the first of them";
    return finding("reassembles", "MUST", "unknown", message);
  }
  const bytes = delivered(one);
  if (payload === undefined) {
    const message = `${bytes.length} bytes acknowledged; give the file with --payload to compare`;
    return finding("reassembles", "MUST", "unknown", message);
  }
  if (bytes.equals(payload)) {
    return finding("reassembles", "MUST", "pass", `${bytes.length} bytes, those of the payload`);
  }
  const other = bytes.findIndex((byte, i) => byte !== payload[i]);
  const message = bytes.length === payload.length
    ? `${bytes.length} bytes, not those of the payload; the first other byte is at ${other}`
    : `${bytes.length} bytes, not the payload's ${payload.length}`;
  return finding("reassembles", "MUST", "fail", message);
}
