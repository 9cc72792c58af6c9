/**
 * Holds a received message against what a golden allows. A head is matched as HTTP means it: 1.0 or
 * 1.1, fields in any order and names in any case, more fields allowed; values and bodies are exact
 * but for matchers.
 */
import type { ReceivedMessage } from "../wire/received.ts";
import { bytesOf, escapeBody, latin1 } from "../bytes.ts";
import { expandBody } from "./expand.ts";
import type { GoldenValues } from "./expand.ts";
import type { GoldenMessage } from "./parse.ts";

/** Undefined for a match, else the first difference in a sentence. */
export function mismatch(
  expected: GoldenMessage,
  received: ReceivedMessage,
  values: GoldenValues,
): string | undefined {
  const [startLine = "", ...fieldLines] = expected.head;
  if (startLine === "{{close}}") {
    return received.startLine === undefined
      ? undefined
      : "an answer came where a close was allowed";
  }
  if (received.startLine === undefined) return received.problem ?? "no answer came";
  return mismatchStartLine(startLine, received.startLine, values) ??
    mismatchFields(fieldLines, received, values) ??
    mismatchBody(expected.body, received, values);
}

function mismatchStartLine(expected: string, actual: string, values: GoldenValues) {
  const either = (line: string) => line.replace("HTTP/1.0", "HTTP/1.1");
  if (textMatches(either(expected), either(actual), values)) return undefined;
  return `the first line is ${show(actual)}, not ${show(readable(expected, values))}`;
}

function mismatchFields(
  expected: readonly string[],
  received: ReceivedMessage,
  values: GoldenValues,
): string | undefined {
  for (const line of expected) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const pattern = line.slice(colon + 1).trim();
    const found = received.fields.filter((field) =>
      field.name.toLowerCase() === name.toLowerCase()
    );
    if (pattern === "{{absent}}") {
      if (found.length > 0) return `the field ${name} must not be there`;
      continue;
    }
    if (pattern === "{{optional}}") continue;
    if (found.length === 0) return `the field ${name} is missing`;
    const length = String(received.body.length);
    const matches = found.some(({ value }) =>
      pattern === "{{length}}" ? value === length : textMatches(pattern, value, values)
    );
    if (!matches) {
      const wanted = pattern === "{{length}}" ? length : readable(pattern, values);
      return `${name} is ${show(found[0]?.value ?? "")}, not ${show(wanted)}`;
    }
  }
  return undefined;
}

function mismatchBody(
  expected: string | undefined,
  received: ReceivedMessage,
  values: GoldenValues,
): string | undefined {
  if (expected === undefined || expected === "{{any}}") return undefined;
  const actual = received.body;
  if (expected === "{{html}}") {
    return /<[a-z!][^>]*>/i.test(latin1(actual)) ? undefined : "the body holds no HTML";
  }
  const lacks = /^\{\{without (.+)\}\}$/.exec(expected)?.[1];
  if (lacks !== undefined) {
    return latin1(actual).includes(lacks) ? `the body holds ${show(lacks)}` : undefined;
  }
  if (/\{\{(?!file )/.test(expected)) {
    const text = latin1(actual);
    return textMatches(expected, text, values) ? undefined : "the body differs";
  }
  return differenceOf(expandBody(expected, values), actual, received.problem);
}

/** Where two bodies part, in a sentence; undefined where they do not. */
export function differenceOf(
  expected: Uint8Array,
  actual: Uint8Array,
  problem?: string,
): string | undefined {
  const shorter = Math.min(expected.length, actual.length);
  let at = 0;
  while (at < shorter && expected[at] === actual[at]) at++;
  if (at === expected.length && at === actual.length) return undefined;
  const sizes = expected.length === actual.length
    ? `both ${actual.length} bytes`
    : `${actual.length} bytes, not ${expected.length}`;
  const context = (bytes: Uint8Array) =>
    at < bytes.length
      ? `"${escapeBody(bytes.subarray(at, at + 24)).replaceAll("\n", "\\x0a")}"`
      : "its end";
  const reason = problem ? `; ${problem}` : "";
  return `the content differs at byte ${at} (${sizes}): ${context(actual)} came, ` +
    `not ${context(expected)}${reason}`;
}

/** Whether text fits a pattern with matchers in it. */
export function textMatches(pattern: string, actual: string, values: GoldenValues): boolean {
  if (!pattern.includes("{{")) return pattern === actual;
  return new RegExp(`^${toRegExp(pattern, values)}$`, "s").test(actual);
}

function toRegExp(pattern: string, values: GoldenValues): string {
  let source = "";
  let at = 0;
  for (const match of pattern.matchAll(/\{\{([^{}]*)\}\}/g)) {
    source += quote(pattern.slice(at, match.index)) + matcher(match[1] as string, values);
    at = match.index + match[0].length;
  }
  return source + quote(pattern.slice(at));
}

const IMF_DATE =
  "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT";

function matcher(name: string, values: GoldenValues): string {
  if (name === "any") return ".*?";
  if (name === "number") return "\\d+";
  if (name === "date") return IMF_DATE;
  if (name === "server") return alternatives(values.servers.flatMap(sameAddress));
  if (name === "host") return alternatives(sameAddress(values.texts.host ?? ""));
  if (Object.hasOwn(values.texts, name)) {
    return alternatives(sameAddress(values.texts[name] as string));
  }
  const word = /^oneof (.+)$/.exec(name)?.[1];
  if (word !== undefined) return alternatives(word.split("|"));
  throw new SyntaxError(`{{${name}}} is no matcher`);
}

/** localhost and 127.0.0.1 are one. */
function sameAddress(address: string): string[] {
  const match = /^(localhost|127\.0\.0\.1)(:\d+)?$/.exec(address);
  if (!match) return [address];
  return [`localhost${match[2] ?? ""}`, `127.0.0.1${match[2] ?? ""}`];
}

function alternatives(texts: readonly string[]): string {
  return `(?:${texts.map(quote).join("|")})`;
}

function quote(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** A pattern as a person would say it: matchers by what they stand for. */
function readable(pattern: string, values: GoldenValues): string {
  return pattern.replace(/\{\{([^{}]*)\}\}/g, (found, name: string) => {
    if (name === "any") return "...";
    if (name === "server") return `(${values.servers.join(" or ")})`;
    const word = /^oneof (.+)$/.exec(name)?.[1];
    if (word !== undefined) return word.split("|").join(" or ");
    return Object.hasOwn(values.texts, name) ? values.texts[name] as string : found;
  });
}

function show(text: string): string {
  const cut = text.length > 160 ? `${text.slice(0, 160)}...` : text;
  return `"${escapeBody(bytesOf(cut))}"`;
}
