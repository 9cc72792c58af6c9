/** A transaction's packets by receiver: a capture may name a hundred thousand, so in one pass. */
import type { Packet, Transaction } from "./transactions.ts";

/** In the order in which the receivers were first sent something. */
export function byReceiver({ packets }: Transaction): Map<string, Packet[]> {
  const groups = new Map<string, Packet[]>();
  for (const packet of packets) {
    const group = groups.get(packet.receiver);
    if (group) group.push(packet);
    else groups.set(packet.receiver, [packet]);
  }
  return groups;
}
