/** A golden's datagram as a person would say it: what its matchers stand for instead of their names. */
import { bytesOf, escapeBody } from "../engine/bytes.ts";
import type { TracePart, TracePattern } from "../engine/golden/trace-pattern.ts";
import { knownValue } from "./trace-values.ts";
import type { TraceValues } from "./trace-values.ts";

/** Plans of three receivers are shown whole. */
const SHOWN_CHARACTERS = 300;
/** A longer repetition is told by its number. */
const REPEATED_CHARACTERS = 120;

/** On one line; `...` is for any bytes. */
export function readable(pattern: TracePattern, values: TraceValues): string {
  if (pattern.length === 0) return "an empty datagram";
  const text = pattern.map((part) => readablePart(part, values)).join("");
  return text.length <= SHOWN_CHARACTERS
    ? text
    : `${text.slice(0, SHOWN_CHARACTERS)} (${text.length - SHOWN_CHARACTERS} characters more)`;
}

function readablePart(part: TracePart, values: TraceValues): string {
  if (typeof part === "string") return printable(part);
  const { matcher } = part;
  const repeat = /^repeat (\d+) (.+)$/s.exec(matcher);
  const value = knownValue(matcher, values);
  if (repeat && value !== undefined && value.length > REPEATED_CHARACTERS) {
    return `(${repeat[1]} times ${printable(repeat[2] as string)})`;
  }
  if (value !== undefined) return printable(value);
  if (matcher === "any") return "...";
  if (matcher === "number") return "(a number)";
  if (matcher === "tid") return "(the TID)";
  const words = /^oneof (.+)$/s.exec(matcher)?.[1];
  return words === undefined ? `{{${matcher}}}` : `(${words.split("|").join(" or ")})`;
}

function printable(text: string): string {
  return escapeBody(bytesOf(text)).replaceAll("\n", "\\x0a");
}
