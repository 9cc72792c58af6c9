/** What the matchers of a golden trace stand for in one case. */
import type { Buffer } from "node:buffer";
import { bytesOf, latin1 } from "../engine/bytes.ts";
import type { TracePattern } from "../engine/golden/trace-pattern.ts";

export interface TraceValues {
  /** `{{NAME}}` with one value: addresses of parties, the marker's path. */
  readonly texts: Readonly<Record<string, string>>;
  /** Captured where it first came: `{{tid}}`. */
  tid: string | undefined;
}

/** The bytes of a datagram that the suite sends. Throws a SyntaxError for what has no one value. */
export function traceBytes(pattern: TracePattern, values: TraceValues): Buffer {
  return bytesOf(
    pattern.map((part) => typeof part === "string" ? part : valueOf(part.matcher, values)).join(""),
  );
}

function valueOf(matcher: string, values: TraceValues): string {
  const value = knownValue(matcher, values);
  if (value !== undefined) return value;
  throw new SyntaxError(`{{${matcher}}} has no one value, so it cannot be sent`);
}

/** Latin-1; undefined where it stands for more than one text, or for none yet. */
export function knownValue(matcher: string, values: TraceValues): string | undefined {
  if (matcher === "tid") return values.tid;
  if (Object.hasOwn(values.texts, matcher)) return values.texts[matcher];
  const repeat = /^repeat (\d+) (.+)$/s.exec(matcher);
  return repeat ? (repeat[2] as string).repeat(Number(repeat[1])) : undefined;
}

const TID = "(?<tid>\\d+)";

/** Whether a datagram fits; the first `{{tid}}` that does is kept. */
export function traceMatches(
  pattern: TracePattern,
  bytes: Uint8Array,
  values: TraceValues,
): boolean {
  const actual = latin1(bytes);
  const source = pattern.map((part) =>
    typeof part === "string" ? quote(part) : expressionOf(part.matcher, values)
  ).join("");
  // A name is captured once; where {{tid}} stands again it is the same number.
  let captures = 0;
  const whole = source.replaceAll(TID, () => captures++ === 0 ? TID : "\\k<tid>");
  const found = new RegExp(`^${whole}$`, "s").exec(actual);
  if (found) values.tid ??= found.groups?.tid;
  return found !== null;
}

function expressionOf(matcher: string, values: TraceValues): string {
  const value = knownValue(matcher, values);
  if (value !== undefined) return quote(value);
  if (matcher === "any") return ".*?";
  if (matcher === "number") return "\\d+";
  if (matcher === "tid") return TID;
  const words = /^oneof (.+)$/.exec(matcher)?.[1];
  if (words !== undefined) return `(?:${words.split("|").map(quote).join("|")})`;
  throw new SyntaxError(`{{${matcher}}} stands for nothing in this exchange`);
}

function quote(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
