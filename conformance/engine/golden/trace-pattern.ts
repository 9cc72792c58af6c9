/**
 * A datagram as a golden trace writes it: literal bytes and matchers, told apart before escapes are
 * resolved, so that `\x7b{a}}` is the five bytes `{{a}}` and never an address.
 */
import { unescape } from "../bytes.ts";

/** A Latin-1 text that stands for itself, or what is between `{{` and `}}`. */
export type TracePart = string | { readonly matcher: string };

/** The parts in their order; none is an empty datagram. */
export type TracePattern = readonly TracePart[];

const MATCHER = /\{\{([^{}]*)\}\}/;

const RECEIVED_ONLY = /^(?:any|number|oneof .+)$/;
/** The first two are parties, which stand for their addresses. */
const KNOWN =
  /^(?:[a-z]{1,2}|orchestrator|any|number|oneof .+|part \d+|tid|marker|repeat \d+ .+)$/s;

/** Throws a SyntaxError that says what to write. */
export function tracePattern(written: string, direction: "send" | "receive"): TracePattern {
  // An empty datagram cannot be seen as a line.
  if (written === "{{empty}}") return [];
  return written.split(MATCHER).flatMap((piece, i): TracePart[] => {
    const text = unescape(piece);
    if (i % 2 === 0) return text === "" ? [] : [text];
    check(text, direction);
    return [{ matcher: text }];
  });
}

function check(matcher: string, direction: string): void {
  if (matcher === "empty") {
    throw new SyntaxError("{{empty}} stands alone on its line: it is a datagram without a byte");
  }
  if (!KNOWN.test(matcher)) {
    throw new SyntaxError(
      `{{${matcher}}} is no matcher of a trace; there is {{any}}, {{number}}, {{oneof A|B}}, ` +
        "{{a}}, {{part 0}}, {{tid}}, {{repeat 9 x}}, {{marker}}, {{empty}}; " +
        "for two braces as bytes write \\x7b{",
    );
  }
  if (direction === "send" && RECEIVED_ONLY.test(matcher)) {
    throw new SyntaxError(`{{${matcher}}} has no one value, so it cannot be sent`);
  }
}
