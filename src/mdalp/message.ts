/**
 * MDALP's four messages, one a datagram, on bytes. Source: spec/mdalp, "Messages", as captured from
 * the published servers.
 */
import { Buffer } from "node:buffer";
import { parsePythonLiteral, PythonLiteralError, writePythonString } from "./python-list.ts";

/** The port of orchestrator and receivers. */
export const MDALP_PORT = 4650;

/** The most payload bytes of a data packet. */
export const PAYLOAD_BYTES = 100;

/** The largest plan that is read: ten receivers with long names are well below it. */
const PLAN_BYTES = 16 * 1024;

/** The most receivers of a plan that is read; published ones have three, and each costs a ping. */
const MOST_RECEIVERS = 32;

/** Beyond it a sequence number is absurd: 100 MB in packets of 100 bytes. */
export const HIGHEST_SEQ = 1_000_000;

export interface Receiver {
  readonly address: string;
  readonly name: string;
}

export type Message =
  | { readonly type: "intent" }
  | { readonly type: "plan"; readonly tid: number; readonly receivers: readonly Receiver[] }
  | {
    readonly type: "data";
    readonly tid: number;
    readonly seq: number;
    readonly payload: Uint8Array;
  }
  | { readonly type: "ack"; readonly tid: number; readonly seq: number };

/** A datagram that is none of the four; says what is wrong with it. */
export class MessageError extends Error {
  readonly code = "bad-message";
}

export function writeIntent(): Buffer {
  return Buffer.from("Type:0;");
}

export function writePlan(tid: number, receivers: readonly Receiver[]): Buffer {
  const list = receivers.map(({ address, name }) =>
    `{'ip_address': ${writePythonString(address)}, 'name': ${writePythonString(name)}}`
  );
  return Buffer.from(`Type:1;TID:${tid};DATA:[${list.join(", ")}];`);
}

export function writeData(tid: number, seq: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`Type:2;TID:${tid};SEQ:${seq};DATA:`), payload]);
}

export function writeAck(tid: number, seq: number): Buffer {
  return Buffer.from(`Type:3;TID:${tid};SEQ:${seq};`);
}

/** Reads a datagram; throws a MessageError for what is no message. */
export function readMessage(datagram: Uint8Array): Message {
  const bytes = Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  // Heads are ASCII and short; payloads must not be decoded.
  const start = bytes.toString("latin1", 0, 64);
  if (start === "Type:0;" && bytes.length === 7) return { type: "intent" };
  const ack = /^Type:3;TID:(\d{1,10});SEQ:(\d{1,10});$/.exec(start);
  if (ack && bytes.length === start.length) {
    return { type: "ack", tid: Number(ack[1]), seq: Number(ack[2]) };
  }
  const data = /^Type:2;TID:(\d{1,10});SEQ:(\d{1,10});DATA:/.exec(start);
  if (data) return readData(bytes, data);
  const plan = /^Type:1;TID:(\d{1,10});DATA:/.exec(start);
  if (plan) return readPlan(bytes, plan);
  throw new MessageError(`no message: ${JSON.stringify(start.slice(0, 24))}`);
}

function readData(bytes: Buffer, head: RegExpExecArray): Message {
  const payload = bytes.subarray(head[0].length);
  if (payload.length < 1 || payload.length > PAYLOAD_BYTES) {
    throw new MessageError(`${payload.length} payload bytes, not 1 to ${PAYLOAD_BYTES}`);
  }
  const seq = Number(head[2]);
  if (seq > HIGHEST_SEQ) throw new MessageError(`SEQ ${seq} is above ${HIGHEST_SEQ}`);
  return { type: "data", tid: Number(head[1]), seq, payload };
}

function readPlan(bytes: Buffer, head: RegExpExecArray): Message {
  if (bytes.length > PLAN_BYTES) {
    throw new MessageError(`a plan of ${bytes.length} bytes, more than ${PLAN_BYTES}`);
  }
  const text = bytes.toString("utf8", head[0].length);
  if (!text.endsWith(";")) throw new MessageError("a plan without its last ;");
  return { type: "plan", tid: Number(head[1]), receivers: readReceivers(text.slice(0, -1)) };
}

function readReceivers(text: string): Receiver[] {
  let list: unknown;
  try {
    list = parsePythonLiteral(text);
  } catch (error) {
    if (!(error instanceof PythonLiteralError)) throw error;
    throw new MessageError(`DATA is no Python list: ${error.message}`);
  }
  if (!Array.isArray(list) || list.length === 0) throw new MessageError("DATA lists no receiver");
  if (list.length > MOST_RECEIVERS) {
    throw new MessageError(`DATA lists ${list.length} receivers, more than ${MOST_RECEIVERS}`);
  }
  return list.map((entry) => {
    const address = entry instanceof Map ? entry.get("ip_address") : undefined;
    const name = entry instanceof Map ? entry.get("name") : undefined;
    if (typeof address !== "string" || !/^(?:\d{1,3}\.){3}\d{1,3}$/.test(address)) {
      throw new MessageError("a receiver without an IPv4 'ip_address'");
    }
    return { address, name: typeof name === "string" ? name : address };
  });
}
