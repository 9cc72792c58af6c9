/**
 * The client's rules on how it divided the payload, as far as a capture shows: shares, their ratio,
 * and whether the receivers worked at the same time. Source: spec/mdalp, "client".
 */
import { LEAST_SHARE, PAYLOAD_BYTES } from "../../../src/mdalp/mod.ts";
import { idealShares } from "../client-shares.ts";
import { byReceiver } from "./by-receiver.ts";
import { extent } from "./extent.ts";
import type { ReceiverFigures } from "./trace-judge.ts";
import { finding } from "./trace-rules.ts";
import type { Finding } from "./trace-rules.ts";
import type { Packet, Transaction } from "./transactions.ts";

export function balanceFindings(
  one: Transaction,
  receivers: readonly ReceiverFigures[],
  makespanS: number,
): Finding[] {
  return [shares(one, receivers), inverseLatency(receivers), parallel(one, makespanS)];
}

/** Below it a packet more or less is a different ratio. */
const LEAST_PACKETS = 50;

function shares(one: Transaction, receivers: readonly ReceiverFigures[]): Finding {
  const total = receivers.reduce((sum, { bytes }) => sum + bytes, 0);
  const text = receivers.map(({ bytes }) => `${Math.round(100 * bytes / (total || 1))} %`).join(
    ", ",
  );
  if (receivers.length < 2) {
    return finding("shares", "MUST", "unknown", "one receiver only, as far as the capture shows");
  }
  const least = wholePackets(total * LEAST_SHARE);
  if (total === 0 || least * receivers.length > wholePackets(total)) {
    const message = `${total} bytes are too few to give each of ${receivers.length} a tenth`;
    return finding("shares", "MUST", "unknown", message);
  }
  const below = receivers.filter(({ bytes }) => wholePackets(bytes) < least);
  if (below.length > 0) {
    const message = `shares ${text}: under 10 % for ${
      below.map(({ address }) => address).join(", ")
    }`;
    return finding("shares", "MUST", "fail", message);
  }
  const unfair = one.packets.length >= LEAST_PACKETS ? slowerWithMore(receivers) : undefined;
  if (unfair) {
    const [slow, fast] = unfair.map(({ address }) => address);
    const message = `shares ${text}: ${slow} is slower than ${fast} and got more`;
    return finding("shares", "MUST", "fail", message);
  }
  return finding("shares", "MUST", "pass", `shares ${text}`);
}

/** Pings are this far apart before more for the slower receiver is held against a client. */
const APART = 1.5;

/** A receiver that got more than one which is clearly faster, and that one. */
function slowerWithMore(
  receivers: readonly ReceiverFigures[],
): [slow: ReceiverFigures, fast: ReceiverFigures] | undefined {
  const pinged = receivers.flatMap((one) =>
    one.pingMs === undefined ? [] : [{ one, ms: one.pingMs }]
  )
    .sort((a, b) => a.ms - b.ms);
  let least: ReceiverFigures | undefined;
  let faster = 0;
  for (const { one, ms } of pinged) {
    for (; faster < pinged.length && APART * pinged[faster]!.ms <= ms; faster++) {
      const fast = pinged[faster]!.one;
      if (!least || fast.packets < least.packets) least = fast;
    }
    if (least && one.packets > least.packets) return [one, least];
  }
  return undefined;
}

function wholePackets(bytes: number): number {
  return Math.ceil(bytes / PAYLOAD_BYTES);
}

function inverseLatency(receivers: readonly ReceiverFigures[]): Finding {
  const unknown = (message: string) => finding("inverse-latency", "SHOULD", "unknown", message);
  if (receivers.length < 2) return unknown("one receiver only, as far as the capture shows");
  if (receivers.length * LEAST_SHARE > 1) {
    return unknown(`${receivers.length} receivers cannot have a tenth each`);
  }
  const pings = receivers.flatMap(({ pingMs }) =>
    pingMs !== undefined && pingMs > 0 ? [pingMs] : []
  );
  if (pings.length < receivers.length) return unknown("no pings to every receiver were captured");
  const packets = receivers.reduce((sum, receiver) => sum + receiver.packets, 0);
  if (packets < LEAST_PACKETS) return unknown(`${packets} packets, fewer than ${LEAST_PACKETS}`);
  const ideal = idealShares(pings).map((share) => share * packets);
  const seen = receivers.map((receiver) => receiver.packets);
  const near = seen.every((count, i) => Math.abs(count - (ideal[i] as number)) <= 1);
  const message = `${seen.join(", ")} packets; the pings' inverses give ${
    ideal.map((count) => Number(count.toFixed(1))).join(", ")
  }`;
  return finding("inverse-latency", "SHOULD", near ? "pass" : "fail", message);
}

/** Of the slowest receiver's own time: as long as that is what work at the same time takes. */
const MOST_OF_SLOWEST = 1.5;

function parallel(one: Transaction, makespanS: number): Finding {
  const groups = [...byReceiver(one).values()];
  const slowest = extent(groups.flatMap(ownTimeS))?.most;
  if (groups.length < 2 || slowest === undefined || slowest === 0) {
    const message = "fewer than two receivers were sent packets that they acknowledged";
    return finding("parallel", "MUST", "unknown", message);
  }
  const ratio = makespanS / slowest;
  const message =
    `${makespanS.toFixed(3)} s, ${ratio.toFixed(2)} times the slowest receiver's own ` +
    `${slowest.toFixed(3)} s`;
  if (ratio >= MOST_OF_SLOWEST) return finding("parallel", "MUST", "fail", message);
  // In turns, one packet each, every receiver's own time is nearly the whole.
  return overlaps(one.packets) ? finding("parallel", "MUST", "pass", message) : finding(
    "parallel",
    "MUST",
    "fail",
    "never were packets to two receivers on their way at once",
  );
}

/** Whether packets to two receivers were on their way, unacknowledged, at the same time. */
function overlaps(packets: readonly Packet[]): boolean {
  const flights = packets.flatMap(({ receiver, sentS: [from], ackedS: [to] }) =>
    from === undefined || to === undefined ? [] : [{ receiver, from, to }]
  ).sort((a, b) => a.from - b.from);
  // The latest end of all before, and of those to other receivers than that one's.
  let latest = { receiver: "", to: -Infinity };
  let otherTo = -Infinity;
  for (const { receiver, from, to } of flights) {
    if (from < (receiver === latest.receiver ? otherTo : latest.to)) return true;
    if (to > latest.to) {
      if (receiver !== latest.receiver) otherTo = latest.to;
      latest = { receiver, to };
    } else if (receiver !== latest.receiver) otherTo = Math.max(otherTo, to);
  }
  return false;
}

/** Of one receiver, from its first packet to the last first ack; empty where it gave none. */
function ownTimeS(own: readonly Packet[]): number[] {
  const sent = extent(own.map(({ sentS }) => sentS[0] as number));
  const acked = extent(own.flatMap(({ ackedS }) => ackedS.slice(0, 1)));
  return sent && acked ? [acked.most - sent.least] : [];
}
