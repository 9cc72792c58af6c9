/**
 * What orchestrator and receivers say to each other. The link's port can be reached by anyone who is
 * on the network, so that every line is looked at before it is believed.
 */
import { HIGHEST_SEQ } from "./message.ts";

/** From a receiver; `hello`, with its address, is the first. */
export type ReceiverLine =
  | { readonly hello: string }
  | { readonly opened: number }
  /** A data packet was taken; `copy` for one that was there already. */
  | { readonly took: number; readonly seq: number; readonly bytes: number; readonly copy: boolean }
  | {
    readonly closed: number;
    readonly parts: readonly (readonly [seq: number, base64: string])[];
  };

/** From the orchestrator; `welcome` answers the hello, with the same address. */
export type OrchestratorLine =
  | { readonly welcome: string }
  | { readonly open: number }
  | { readonly close: number };

type Reader<Line> = (value: unknown) => Line | undefined;

/** Undefined for what is no line of a receiver. */
export const readReceiverLine: Reader<ReceiverLine> = (value) => {
  if (!isObject(value)) return undefined;
  const { hello, opened, took, seq, bytes, copy, closed, parts } = value;
  if (typeof hello === "string" && isIpv4(hello)) return { hello };
  if (isCount(opened)) return { opened };
  if (isCount(took) && isSeq(seq) && isCount(bytes)) {
    return { took, seq, bytes, copy: copy === true };
  }
  return isCount(closed) && isParts(parts) ? { closed, parts } : undefined;
};

/** Undefined for what is no line of an orchestrator. */
export const readOrchestratorLine: Reader<OrchestratorLine> = (value) => {
  if (!isObject(value)) return undefined;
  const { welcome, open, close } = value;
  if (typeof welcome === "string" && isIpv4(welcome)) return { welcome };
  if (isCount(open)) return { open };
  return isCount(close) ? { close } : undefined;
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isSeq(value: unknown): value is number {
  return isCount(value) && value <= HIGHEST_SEQ;
}

function isIpv4(text: string): boolean {
  return /^(?:\d{1,3}\.){3}\d{1,3}$/.test(text);
}

function isParts(value: unknown): value is readonly (readonly [number, string])[] {
  return Array.isArray(value) &&
    value.every((part) => Array.isArray(part) && isSeq(part[0]) && typeof part[1] === "string");
}
