/** Reads the answers of one connection, one after the other, and judges each. */
import { fieldValue, keepsAlive, Parser } from "../../src/http1/mod.ts";
import type { ResponseHead } from "../../src/http1/mod.ts";
import { BodyCheck } from "./body-check.ts";
import { lost } from "./outcome.ts";
import type { Outcome, Right } from "./outcome.ts";
import type { Wanted } from "./wanted.ts";

export class AnswerReader {
  readonly #wanted: Wanted;
  #parser: Parser<ResponseHead> | undefined;
  /** Pieces of the present answer; one that is known at sight has none. */
  #pieces = 0;
  #head: ResponseHead | undefined;
  #check: BodyCheck | undefined;
  #outcome: Outcome | undefined;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** Takes what came; an outcome once the answer is whole or beyond hope. */
  push(bytes: Uint8Array): Outcome | undefined {
    if (this.#pieces === 0) {
      const known = this.#wanted.known.find(bytes);
      if (known) return known;
    }
    this.#pieces++;
    this.#parser ??= this.#newParser();
    const used = this.#parser.push(bytes);
    const outcome = this.#outcome;
    if (!outcome) return undefined;
    if (used < bytes.length) return lost("malformed");
    if (outcome.kind === "right" && this.#pieces === 1) this.#wanted.known.add(bytes, outcome);
    this.#pieces = 0;
    this.#outcome = undefined;
    return outcome;
  }

  /** Nothing more will come, though an answer is due; `why` where the connection did not end in order. */
  end(why: string | undefined): Outcome {
    if (this.#pieces === 0) return lost(why ?? "closed", true);
    if (why) return lost(why);
    this.#parser?.end();
    return this.#outcome ?? lost("truncated");
  }

  /** The rest of the present answer is of no use. */
  abandon(): void {
    this.#check?.abandon();
  }

  #newParser(): Parser<ResponseHead> {
    const parser: Parser<ResponseHead> = new Parser({ kind: "response", strict: false }, {
      onHead: (head) => {
        if (head.status < 200) return;
        this.#head = head;
        const wanted = this.#wanted;
        const verifies = wanted.kind === "body" && head.status === 200;
        this.#check = verifies ? new BodyCheck(wanted.reference) : undefined;
      },
      onData: (piece) => this.#check?.push(piece),
      onComplete: () => {
        // What comes behind the answer answers nothing.
        parser.pauseAfterMessage();
        this.#outcome = this.#judge(this.#head as ResponseHead);
      },
      onDeviation: ({ code }) => {
        if (parser.failed && code !== "truncated") this.#outcome = lost("malformed");
      },
    });
    return parser;
  }

  #judge(head: ResponseHead): Outcome {
    const wanted = this.#wanted;
    const reusable = keepsAlive(head);
    const failed = (why: string): Outcome => ({ kind: "failed", why, silent: false, reusable });
    const status = wanted.kind === "body" ? 200 : 301;
    if (head.status !== status) return failed(`status ${head.status}`);
    const right: Right = {
      kind: "right",
      bytes: wanted.kind === "body" ? wanted.reference.bytes : 0,
      server: fieldValue(head.fields, "x-server"),
      location: fieldValue(head.fields, "location"),
      reusable,
    };
    if (wanted.kind === "body") {
      const mismatch = (this.#check as BodyCheck).end();
      return mismatch ? { kind: "wrong", mismatch, reusable } : right;
    }
    if (right.location === undefined) return failed("wrong location");
    if (wanted.locations && !wanted.locations.has(right.location)) return failed("wrong location");
    return right;
  }
}
