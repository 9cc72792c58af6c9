/** What the matchers of a golden trace stand for in one case. */
import type { Buffer } from "node:buffer";
import { bytesOf, latin1 } from "../engine/bytes.ts";
import { textMatches } from "../engine/golden/match.ts";

export interface TraceValues {
  /** `{{NAME}}` with one value: addresses of parties, the marker's path. */
  readonly texts: Readonly<Record<string, string>>;
  /** Captured where it first came: `{{tid}}`. */
  tid: string | undefined;
}

const MATCHER = /\{\{([^{}]*)\}\}/g;

/** The bytes of a datagram that the suite sends. Throws a SyntaxError for what has no one value. */
export function traceBytes(text: string, values: TraceValues): Buffer {
  return bytesOf(text.replace(MATCHER, (found, name: string) => {
    if (name === "tid" && values.tid !== undefined) return values.tid;
    if (Object.hasOwn(values.texts, name)) return values.texts[name] as string;
    const repeat = /^repeat (\d+) (.+)$/.exec(name);
    if (repeat) return (repeat[2] as string).repeat(Number(repeat[1]));
    throw new SyntaxError(`${found} has no one value, so it cannot be sent`);
  }));
}

/** Whether a datagram fits; the first `{{tid}}` that does is kept. */
export function traceMatches(pattern: string, bytes: Uint8Array, values: TraceValues): boolean {
  const actual = latin1(bytes);
  const known = { texts: { ...values.texts }, servers: [], file: noFile };
  if (!pattern.includes("{{tid}}")) return textMatches(pattern, actual, known);
  const tid = values.tid ?? /TID:(\d+)/.exec(actual)?.[1];
  if (tid === undefined) return false;
  known.texts.tid = tid;
  if (!textMatches(pattern, actual, known)) return false;
  values.tid = tid;
  return true;
}

function noFile(name: string): never {
  throw new SyntaxError(`{{file ${name}}} is not for traces`);
}
