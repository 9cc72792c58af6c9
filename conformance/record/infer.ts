/** What a golden says of an answer, from two recordings of it. */
import { RecordError } from "./error.ts";
import { inferBody } from "./infer-body.ts";
import { inferFields } from "./infer-field.ts";
import { escapeLine } from "./template.ts";
import type { Pair } from "./twice.ts";

/** Whether the program closed without an answer, both times. Throws where the two differ in it. */
export function isClose(pair: Pair): boolean {
  const silent = pair.map(({ received }) => received.startLine === undefined);
  for (const { received } of pair) {
    if (received.raw.length > 0 && received.startLine === undefined) {
      throw new RecordError("not-http", `the answer cannot be read: ${received.problem}`);
    }
    if (received.raw.length === 0 && received.end === "silence") {
      throw new RecordError(
        "not-http",
        "no answer came and the connection stayed open; a golden states an answer or a close",
      );
    }
    if (received.startLine !== undefined && received.end === "truncated") {
      throw new RecordError("not-http", `the answer has no proper end: ${received.problem}`);
    }
  }
  if (silent[0] === silent[1]) return silent[0] as boolean;
  throw new RecordError("varies", "one recording has an answer, the other a close without one");
}

/** The status line, exact. Throws a RecordError where it varies. */
export function inferStartLine([first, second]: Pair): string {
  const one = first.received.startLine as string;
  const two = second.received.startLine as string;
  if (one === two) return escapeLine(one);
  throw new RecordError(
    "varies",
    `the status line varies: ${escapeLine(one)} in one recording, ${escapeLine(two)} in the ` +
      "other; record a request whose answer is the same each time, or write this golden by hand",
  );
}

/** The lines of a whole `<<<` block. */
export function inferMessage(pair: Pair, allFields: boolean): string[] {
  if (isClose(pair)) return ["{{close}}"];
  const lines = [inferStartLine(pair), ...inferFields(pair, allFields).map(({ line }) => line)];
  return pair[0].bodiless ? lines : [...lines, "", ...inferBody(pair)];
}
