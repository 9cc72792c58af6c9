/** Which header fields a golden states, and how, from two recordings of one answer. */
import { textMatches } from "../engine/golden/match.ts";
import { escapeLine, templateOf } from "./template.ts";
import type { Pair, Seen } from "./twice.ts";

/** Fields that say something of the program, the moment or the connection, not of the rule. */
const INCIDENTAL = new Set([
  "server",
  "connection",
  "keep-alive",
  "date",
  "last-modified",
  "etag",
  "via",
  "x-powered-by",
]);

export interface InferredField {
  readonly name: string;
  /** `Name: value`, as it stands in a golden. */
  readonly line: string;
}

/** The fields that both recordings have; the incidental ones only where all are wanted. */
export function inferFields(pair: Pair, allFields: boolean): InferredField[] {
  const taken = new Map<string, number>();
  const found: InferredField[] = [];
  for (const { name, value } of pair[0].received.fields) {
    const key = name.toLowerCase();
    const place = taken.get(key) ?? 0;
    taken.set(key, place + 1);
    // The same field may come several times: the first is held against the first.
    const other = pair[1].received.fields.filter((field) =>
      field.name.toLowerCase() === key
    )[place];
    if (!other || (!allFields && INCIDENTAL.has(key))) continue;
    const written = inferValue(key, [value.trim(), other.value.trim()], pair);
    found.push({ name, line: `${escapeLine(name)}: ${written}`.trimEnd() });
  }
  return found;
}

function inferValue(name: string, [one, two]: readonly [string, string], pair: Pair): string {
  const [first, second] = pair;
  const isLength = (value: string, { received, bodiless }: Seen) =>
    !bodiless && value === String(received.body.length);
  if (name === "content-length" && isLength(one, first) && isLength(two, second)) {
    return "{{length}}";
  }
  if ((one !== two || name === "date") && both("{{date}}", one, two, pair)) return "{{date}}";
  const template = templateOf(one, first.values);
  if (template !== undefined && template === templateOf(two, second.values)) {
    return escapeLine(template);
  }
  return both("{{number}}", one, two, pair) ? "{{number}}" : "{{any}}";
}

function both(pattern: string, one: string, two: string, [first, second]: Pair): boolean {
  return textMatches(pattern, one, first.values) && textMatches(pattern, two, second.values);
}
