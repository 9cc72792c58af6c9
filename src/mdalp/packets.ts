/**
 * Which bytes go out under which SEQ. Source: spec/mdalp, rules sequence, full-packets and
 * payload-limit: SEQ from 0 without a gap, each receiver a contiguous range in plan order, and every
 * packet full but the payload's last.
 */
import { PAYLOAD_BYTES } from "./message.ts";

export interface Packet {
  readonly seq: number;
  /** 1 to 100 bytes. */
  readonly payload: Uint8Array;
}

/** How many packets a payload makes. */
export function packetCount(bytes: number): number {
  return Math.ceil(bytes / PAYLOAD_BYTES);
}

/** Each receiver's packets, given how many each gets; the counts add up to `packetCount`. */
export function layOut(payload: Uint8Array, counts: readonly number[]): Packet[][] {
  let seq = 0;
  return counts.map((count) =>
    Array.from({ length: count }, () => {
      const start = seq * PAYLOAD_BYTES;
      return { seq: seq++, payload: payload.subarray(start, start + PAYLOAD_BYTES) };
    })
  );
}
