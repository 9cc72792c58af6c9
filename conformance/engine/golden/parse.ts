/**
 * Reads golden `.http` files: DESIGN, "Golden exchanges", and docs/golden-format.md. A file holds
 * one case: a title, keys, and steps in the order in which they happen.
 */
import { unescape } from "../bytes.ts";
import { failIn, readTitleAndKeys } from "./title-and-keys.ts";
import type { Fail } from "./title-and-keys.ts";

/** One message of an exchange, as written. */
export interface GoldenStep {
  /** `>>>`: the suite sends; `<<<`: the suite must receive. */
  readonly direction: "send" | "receive";
  /** The stand-in that speaks, or empty where there is one connection only. */
  readonly party: string;
  /** One message to send; one or more alternatives to receive. */
  readonly alternatives: readonly GoldenMessage[];
  /** The file's line on which the step begins, from 1. */
  readonly line: number;
}

/** A message as written: Latin-1 text with matchers in it, escapes resolved. */
export interface GoldenMessage {
  /** Lines of the head, without their ends; the whole text where `raw`. */
  readonly head: readonly string[];
  /** Undefined where the message as written has no empty line: its body is not judged. */
  readonly body: string | undefined;
  /** The lines as they stand in the file. */
  readonly written: string;
}

export interface Golden {
  readonly path: string;
  readonly title: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly steps: readonly GoldenStep[];
}

export { GoldenError } from "./golden-error.ts";

const KEYS = new Set([
  "id",
  "level",
  "role",
  "source",
  "also",
  "raw",
  "path",
  "servers",
  "saved",
  "prints",
  "error",
  "nothing-saved",
  "pieces",
  "mode",
  "claimed",
  "end",
]);

const MARKER = /^(>>>|<<<|\|\|\|)(?: ([a-z][a-z0-9-]*))?$/;

const HEAD = {
  isKey: (key: string) => KEYS.has(key),
  known: KEYS,
  marker: MARKER,
  follows: "messages",
};

export function parseGolden(path: string, text: string): Golden {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const fail = failIn(path);
  const { title, keys, end } = readTitleAndKeys(lines, HEAD, fail);
  const steps = readSteps(lines, end, keys.raw !== undefined, fail);
  if (steps.length === 0) fail(lines.length - 1, "no `>>>` or `<<<` in it");
  return { path, title, keys, steps };
}

function readSteps(
  lines: readonly string[],
  start: number,
  raw: boolean,
  fail: Fail,
): GoldenStep[] {
  const steps: GoldenStep[] = [];
  let open: {
    direction: "send" | "receive";
    party: string;
    alternatives: GoldenMessage[];
    line: number;
  };
  for (let at = start; at < lines.length;) {
    const [, mark, party = ""] = MARKER.exec(lines[at] as string) as RegExpExecArray;
    const begin = at;
    const content: string[] = [];
    for (at++; at < lines.length && !MARKER.test(lines[at] as string); at++) {
      content.push(lines[at] as string);
    }
    let message: GoldenMessage;
    try {
      message = readMessage(content, raw && mark === ">>>");
    } catch (error) {
      return fail(begin, (error as Error).message);
    }
    if (mark === "|||") {
      const last = steps.at(-1);
      if (last?.direction !== "receive") fail(begin, "`|||` stands only after `<<<`");
      open!.alternatives.push(message);
      continue;
    }
    open = {
      direction: mark === ">>>" ? "send" : "receive",
      party,
      alternatives: [message],
      line: begin + 1,
    };
    steps.push(open);
  }
  return steps;
}

function readMessage(content: readonly string[], raw: boolean): GoldenMessage {
  const written = content.join("\n");
  if (raw) return { head: [unescape(written)], body: undefined, written };
  const empty = content.indexOf("");
  const head = (empty < 0 ? content : content.slice(0, empty)).map(unescape);
  const body = empty < 0 ? undefined : unescape(content.slice(empty + 1).join("\n"));
  return { head, body, written };
}
