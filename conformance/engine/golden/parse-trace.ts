/**
 * Reads golden `.trace` files: an exchange of datagrams, as docs/golden-format.md describes it. Every
 * line of a block is one datagram; the order of a file is the order of each party's own steps.
 */
import { failIn, readTitleAndKeys } from "./title-and-keys.ts";
import type { Fail } from "./title-and-keys.ts";
import { tracePattern } from "./trace-pattern.ts";
import type { TracePattern } from "./trace-pattern.ts";

/** One datagram of an exchange, as written. */
export interface TraceStep {
  /** `>>>`: the suite sends; `<<<`: the suite must receive. */
  readonly direction: "send" | "receive";
  /** The other end, or in a client's golden the stand-in: `orchestrator`, `a`. */
  readonly party: string;
  /** What may come, the most usual first; one where it is sent. */
  readonly alternatives: readonly TracePattern[];
  /** The lines as they stand in the file, one for each alternative. */
  readonly written: readonly string[];
  /** Milliseconds to wait before it is sent, or within which nothing may come. */
  readonly afterMs: number;
  /** When it was recorded, in milliseconds since the first datagram; it steers nothing. */
  readonly atMs: number | undefined;
  /** How often it is sent. */
  readonly times: number;
  /** The party that really sends it, where that is another. */
  readonly from: string | undefined;
  /** The same datagram as before must come once more. */
  readonly again: boolean;
  /** Taken as lost: whoever receives it does not answer. */
  readonly drop: boolean;
  /** The file's line, from 1. */
  readonly line: number;
}

export interface TraceGolden {
  readonly path: string;
  readonly title: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly steps: readonly TraceStep[];
}

const KEYS = new Set([
  "id",
  "level",
  "role",
  "source",
  "also",
  "payload",
  "latency",
  "delivered",
  "refused",
  "converted-from",
]);

/** Where a party was in a recording: `address-a`. */
const ADDRESS_KEY = /^address-[a-z]+$/;

const MARKER = /^(>>>|<<<|\|\|\|)(?: (.*))?$/;

const HEAD = {
  isKey: (key: string) => KEYS.has(key) || ADDRESS_KEY.test(key),
  known: KEYS,
  marker: MARKER,
  follows: "datagrams",
};

/** Throws a GoldenError that names path and line. */
export function parseTrace(path: string, text: string): TraceGolden {
  const lines = text.split("\n");
  const fail = failIn(path);
  const { title, keys, end } = readTitleAndKeys(lines, HEAD, fail);
  const steps = readSteps(lines, end, fail);
  if (steps.length === 0) fail(lines.length - 1, "no datagram after `>>>` or `<<<` in it");
  return { path, title, keys, steps };
}

function readSteps(lines: readonly string[], start: number, fail: Fail): TraceStep[] {
  const steps: TraceStep[] = [];
  for (let at = start; at < lines.length;) {
    const marker = at;
    const [, mark, rest = ""] = MARKER.exec(lines[at] as string) as RegExpExecArray;
    const direction = mark === ">>>" ? "send" : "receive";
    const datagrams: { pattern: TracePattern; written: string; line: number }[] = [];
    for (at++; at < lines.length && !MARKER.test(lines[at] as string); at++) {
      const written = lines[at] as string;
      if (written === "") continue;
      datagrams.push({ pattern: patternOf(written, direction, at, fail), written, line: at + 1 });
    }
    if (mark === "|||") {
      const last = steps.at(-1);
      const [other] = datagrams;
      if (last?.direction !== "receive" || rest !== "" || !other || datagrams.length > 1) {
        fail(marker, "`|||` stands alone, after `<<<` with one datagram, and has one itself");
      }
      steps[steps.length - 1] = {
        ...last!,
        alternatives: [...last!.alternatives, other!.pattern],
        written: [...last!.written, other!.written],
      };
      continue;
    }
    if (datagrams.length === 0) fail(marker, "no datagram in this block");
    const modifiers = readModifiers(rest, direction, (message) => fail(marker, message));
    for (const { pattern, written, line } of datagrams) {
      steps.push({ direction, alternatives: [pattern], written: [written], line, ...modifiers });
    }
  }
  return steps;
}

function patternOf(
  written: string,
  direction: TraceStep["direction"],
  at: number,
  fail: Fail,
): TracePattern {
  try {
    return tracePattern(written, direction);
  } catch (error) {
    return fail(at, (error as Error).message);
  }
}

const PARTY = /^[a-z][a-z0-9-]*/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000 };

/** `a after 0.9 s twice`: the party, and what happens to the datagram on its way. */
function readModifiers(text: string, direction: string, fail: (message: string) => never) {
  const party = PARTY.exec(text)?.[0] ?? fail("no party after the mark: `<<< orchestrator`");
  let rest = text.slice(party.length).trim();
  const found = {
    party,
    afterMs: 0,
    atMs: undefined as number | undefined,
    times: 1,
    from: undefined as string | undefined,
    again: false,
    drop: false,
  };
  const takes = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest);
    if (match) rest = rest.slice(match[0].length).trim();
    return match;
  };
  while (rest !== "") {
    let match: RegExpExecArray | null;
    if ((match = takes(/^(after|at) (\d+(?:\.\d+)?) (ms|s)\b/))) {
      const milliseconds = Number(match[2]) * (UNIT_MS[match[3] as string] as number);
      if (match[1] === "after") found.afterMs = milliseconds;
      else found.atMs = milliseconds;
    } else if ((match = takes(/^(?:twice|(\d{1,3}) times)\b/))) found.times = Number(match[1] ?? 2);
    else if ((match = takes(/^from ([a-z][a-z0-9-]*)/))) found.from = match[1];
    else if (takes(/^again\b/)) found.again = true;
    else if (takes(/^drop\b/)) found.drop = true;
    else {
      return fail(
        `unknown ${
          JSON.stringify(rest)
        }; there is after 90 ms, at 1.5 s, twice, 3 times, from b, again, drop`,
      );
    }
  }
  if (direction === "receive" && (found.from !== undefined || found.times !== 1)) {
    fail("`from`, `twice` and `times` are for what is sent");
  }
  if (direction === "receive" && found.afterMs > 0) fail("`after` is for what is sent");
  if (direction === "send" && (found.again || found.drop)) {
    fail("`again` and `drop` are for what is received");
  }
  return found;
}
