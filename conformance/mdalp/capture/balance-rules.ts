/**
 * The client's rules on how it divided the payload, as far as a capture shows: shares, their ratio,
 * and whether the receivers worked at the same time. Source: spec/mdalp, "client".
 */
import { LEAST_SHARE, PAYLOAD_BYTES, splitByInverseLatency } from "../../../src/mdalp/mod.ts";
import { extent } from "./extent.ts";
import type { ReceiverFigures } from "./trace-judge.ts";
import { finding } from "./trace-rules.ts";
import type { Finding } from "./trace-rules.ts";
import type { Transaction } from "./transactions.ts";

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
  for (const a of receivers) {
    for (const b of receivers) {
      if (a.pingMs === undefined || b.pingMs === undefined || a.pingMs < 1.5 * b.pingMs) continue;
      if (a.packets > b.packets && one.packets.length >= LEAST_PACKETS) {
        const message = `shares ${text}: ${a.address} is slower than ${b.address} and got more`;
        return finding("shares", "MUST", "fail", message);
      }
    }
  }
  return finding("shares", "MUST", "pass", `shares ${text}`);
}

function wholePackets(bytes: number): number {
  return Math.ceil(bytes / PAYLOAD_BYTES);
}

function inverseLatency(receivers: readonly ReceiverFigures[]): Finding {
  const unknown = (message: string) => finding("inverse-latency", "SHOULD", "unknown", message);
  if (receivers.length < 2) return unknown("one receiver only, as far as the capture shows");
  const pings = receivers.flatMap(({ pingMs }) =>
    pingMs !== undefined && pingMs > 0 ? [pingMs] : []
  );
  if (pings.length < receivers.length) return unknown("no pings to every receiver were captured");
  const packets = receivers.reduce((sum, receiver) => sum + receiver.packets, 0);
  if (packets < LEAST_PACKETS) return unknown(`${packets} packets, fewer than ${LEAST_PACKETS}`);
  const ideal = splitByInverseLatency(packets, pings);
  const seen = receivers.map((receiver) => receiver.packets);
  const near = seen.every((count, i) => Math.abs(count - (ideal[i] as number)) <= 1);
  const message = `${seen.join(", ")} packets; the pings' inverses give ${ideal.join(", ")}`;
  return finding("inverse-latency", "SHOULD", near ? "pass" : "fail", message);
}

/** Of the slowest receiver's own time: as long as that is what work at the same time takes. */
const MOST_OF_SLOWEST = 1.5;

function parallel(one: Transaction, makespanS: number): Finding {
  const names = [...new Set(one.packets.map(({ receiver }) => receiver))];
  const times = names.map((name) => ownTimeS(one, name));
  const slowest = extent(times.flatMap((time) => time === undefined ? [] : [time]))?.most;
  if (names.length < 2 || slowest === undefined || slowest === 0) {
    const message = "fewer than two receivers were sent packets that they acknowledged";
    return finding("parallel", "MUST", "unknown", message);
  }
  const ratio = makespanS / slowest;
  const message =
    `${makespanS.toFixed(3)} s, ${ratio.toFixed(2)} times the slowest receiver's own ` +
    `${slowest.toFixed(3)} s`;
  return finding("parallel", "MUST", ratio < MOST_OF_SLOWEST ? "pass" : "fail", message);
}

/** From the first packet to it to its last first ack. */
function ownTimeS({ packets }: Transaction, name: string): number | undefined {
  const own = packets.filter(({ receiver }) => receiver === name);
  const sent = extent(own.map(({ sentS }) => sentS[0] as number));
  const acked = extent(own.flatMap(({ ackedS }) => ackedS.slice(0, 1)));
  return sent && acked ? acked.most - sent.least : undefined;
}
