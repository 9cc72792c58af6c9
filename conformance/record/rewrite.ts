/** Rewrites what a golden expects where it differs from what an implementation answers. */
import { parseGolden } from "../engine/golden/parse.ts";
import type { GoldenMessage } from "../engine/golden/parse.ts";
import { RecordError } from "./error.ts";
import { checkFit, misfit, receiveSteps, stepMisfit } from "./fit.ts";
import { inferBody } from "./infer-body.ts";
import { inferFields } from "./infer-field.ts";
import { inferMessage, inferStartLine, isClose } from "./infer.ts";
import type { Pair } from "./twice.ts";

/**
 * The golden's text with new `<<<` blocks; the same text where everything fits. Lines that fit stay
 * as they are, so a golden that judges little goes on doing so. Throws a RecordError where the
 * recordings differ in what cannot be inferred.
 */
export function rewriteGolden(path: string, text: string, pairs: readonly Pair[]): string {
  const golden = parseGolden(path, text);
  const lines = text.split("\n");
  // From the last to the first: the lines of those before stay where they are.
  for (const [i, step] of [...receiveSteps(golden).entries()].reverse()) {
    const pair = pairs[i] as Pair;
    if (stepMisfit(step, pair) === undefined) continue;
    const message = step.alternatives[0]!;
    // `line` counts from 1, so it is the index of the line after the marker.
    lines.splice(step.line, message.written.split("\n").length, ...rewriteMessage(message, pair));
  }
  const rewritten = lines.join("\n");
  checkFit(parseGolden(path, rewritten), pairs);
  return rewritten;
}

/** The first alternative is the one that is rewritten; the others stay allowed. */
function rewriteMessage(message: GoldenMessage, pair: Pair): string[] {
  if (isClose(pair) || message.head[0] === "{{close}}") return inferMessage(pair, false);
  const written = message.written.split("\n");
  const [startLine = "", ...fields] = message.head;
  const lines = [
    fits([startLine], undefined, pair) ? written[0] as string : inferStartLine(pair),
    ...fields.map((line, i) =>
      fits(["{{any}}", line], undefined, pair) ? written[i + 1] as string : rewriteField(line, pair)
    ),
  ];
  if (message.body === undefined) return lines;
  const body = fits(["{{any}}"], message.body, pair)
    ? written.slice(message.head.length + 1)
    : inferBody(pair);
  return [...lines, "", ...body];
}

function fits(head: string[], body: string | undefined, pair: Pair): boolean {
  return misfit({ head, body, written: "" }, pair) === undefined;
}

function rewriteField(line: string, pair: Pair): string {
  const name = line.slice(0, line.indexOf(":"));
  const key = name.toLowerCase();
  const found = inferFields(pair, true).find((field) => field.name.toLowerCase() === key);
  if (found) return found.line;
  const came = pair.some(({ received }) =>
    received.fields.some((field) => field.name.toLowerCase() === key)
  );
  if (!came) return `${name}: {{absent}}`;
  throw new RecordError("varies", `the field ${name} came in one recording, not in the other`);
}
