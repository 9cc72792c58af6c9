/**
 * Datagrams as the judge reads them: by itself, not by the reference's codec, and leniently, so that
 * one odd byte fails the rule that it breaks and no other. Source: spec/mdalp, "Messages".
 */
import { escapeBody, latin1 } from "../engine/bytes.ts";

export type SeenMessage =
  | { readonly type: "intent" }
  | {
    readonly type: "data";
    readonly tid: number;
    readonly seq: number;
    readonly payload: Uint8Array;
  }
  | { readonly type: "ack"; readonly tid: number; readonly seq: number }
  | { readonly type: "other" };

export function seenMessage(bytes: Uint8Array): SeenMessage {
  const head = latin1(bytes.subarray(0, 80));
  // An intent with something after it is still an intent: rule mdalp.client.intent alone minds.
  if (/^Type: ?0\b/i.test(head)) return { type: "intent" };
  const data = /^Type:2;TID:(\d+);SEQ:(\d+);DATA:/.exec(head);
  if (data) {
    return {
      type: "data",
      tid: Number(data[1]),
      seq: Number(data[2]),
      payload: bytes.subarray(data[0].length),
    };
  }
  const ack = /^Type:3;TID:(\d+);SEQ:(\d+);?$/.exec(head);
  return ack ? { type: "ack", tid: Number(ack[1]), seq: Number(ack[2]) } : { type: "other" };
}

const SHOWN_BYTES = 160;

/** A datagram as a person reads it, on one line. */
export function datagramText(bytes: Uint8Array): string {
  const line = (part: Uint8Array) => escapeBody(part).replaceAll("\n", "\\x0a");
  if (bytes.length === 0) return "{{empty}}";
  if (bytes.length <= SHOWN_BYTES) return line(bytes);
  return `${line(bytes.subarray(0, SHOWN_BYTES))}... (${bytes.length} bytes)`;
}

export function ackBytes(tid: number, seq: number): Uint8Array {
  return new TextEncoder().encode(`Type:3;TID:${tid};SEQ:${seq};`);
}

export function dataBytes(tid: number | string, seq: number | string, payload: Uint8Array) {
  const head = new TextEncoder().encode(`Type:2;TID:${tid};SEQ:${seq};DATA:`);
  const bytes = new Uint8Array(head.length + payload.length);
  bytes.set(head);
  bytes.set(payload, head.length);
  return bytes;
}

/** A plan as the published orchestrator writes it: a Python list. */
export function planText(tid: number, receivers: readonly { address: string; name: string }[]) {
  const list = receivers.map(({ address, name }) =>
    `{'ip_address': '${address}', 'name': ${pythonString(name)}}`
  );
  return `Type:1;TID:${tid};DATA:[${list.join(", ")}];`;
}

/** In single quotes where nothing needs an escape; what JSON escapes Python reads alike. */
function pythonString(text: string): string {
  return /['\\\x00-\x1f\x7f]/.test(text) ? JSON.stringify(text) : `'${text}'`;
}
