/**
 * What a receiver keeps of a transaction: each packet once, within bounds, in SEQ order in the end.
 * Source: spec/mdalp, rules of the receiver.
 */
import { Buffer } from "node:buffer";
import { HIGHEST_SEQ, PAYLOAD_BYTES } from "./message.ts";

/** The most packets of one transaction: 10 MB, well above what the protocol is for. */
const MOST_PACKETS = 100_000;

export class Reassembly {
  readonly #parts = new Map<number, Buffer>();
  #bytes = 0;

  /** Keeps a packet; false where it is out of bounds, and so must not be acknowledged. */
  take(seq: number, payload: Uint8Array): boolean {
    if (!Number.isInteger(seq) || seq < 0 || seq > HIGHEST_SEQ) return false;
    if (payload.length < 1 || payload.length > PAYLOAD_BYTES) return false;
    // A copy of what is there is acknowledged again: the first ack may have been lost.
    if (this.#parts.has(seq)) return true;
    if (this.#parts.size >= MOST_PACKETS) return false;
    this.#parts.set(seq, Buffer.from(payload));
    this.#bytes += payload.length;
    return true;
  }

  get packets(): number {
    return this.#parts.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The packets in SEQ order. */
  parts(): { readonly seq: number; readonly payload: Buffer }[] {
    return [...this.#parts].sort(([a], [b]) => a - b).map(([seq, payload]) => ({ seq, payload }));
  }
}

/** The payload that the parts of all receivers make, or the first SEQ that is missing. */
export function joinParts(
  parts: readonly { readonly seq: number; readonly payload: Uint8Array }[],
): { readonly payload: Buffer } | { readonly missing: number } {
  const bySeq = new Map(parts.map(({ seq, payload }) => [seq, payload]));
  const whole: Uint8Array[] = [];
  for (let seq = 0; seq < bySeq.size; seq++) {
    const part = bySeq.get(seq);
    if (!part) return { missing: seq };
    whole.push(part);
  }
  return { payload: Buffer.concat(whole) };
}
