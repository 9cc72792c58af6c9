/** Reads the answers of one connection, one after the other, and judges each. */
import { Parser } from "../../src/http1/mod.ts";
import type { ResponseHead } from "../../src/http1/mod.ts";
import { BodyCheck } from "./body-check.ts";
import { judge } from "./judge.ts";
import type { KnownAnswer } from "./known-answers.ts";
import { lost } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import type { Wanted } from "./wanted.ts";

export class AnswerReader {
  readonly #wanted: Wanted;
  /** Begins as one before did, so that the rest is its body. */
  #known: KnownAnswer | undefined;
  /** Bytes of the present answer's body. */
  #received = 0;
  /** For all other answers. */
  #parser: Parser<ResponseHead> | undefined;
  #firstPiece: Uint8Array | undefined;
  /** Bytes of such an answer. */
  #total = 0;
  #head: ResponseHead | undefined;
  #check: BodyCheck | undefined;
  #outcome: Outcome | undefined;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** Takes what came; an outcome once the answer is whole or beyond hope. */
  push(bytes: Uint8Array): Outcome | undefined {
    if (this.#known) return this.#body(this.#known, bytes, 0);
    if (this.#total > 0) return this.#parse(bytes);
    const known = this.#wanted.known.find(bytes);
    if (known?.whole?.equals(bytes)) return known.outcome;
    this.#known = known;
    if (known) return this.#body(known, bytes, known.head.length);
    this.#firstPiece = bytes;
    return this.#parse(bytes);
  }

  /**
   * Nothing more will come, though an answer is due; `why` where the connection did not end in order.
   * A body of which something came is short, however it was cut.
   */
  end(why: string | undefined): Outcome {
    if (!this.#known && this.#total === 0) return lost(why ?? "closed", true);
    if (why === "reset" && this.#received > 0) return lost("truncated");
    if (why) return lost(why);
    if (!this.#known) this.#parser?.end();
    return this.#outcome ?? lost("truncated");
  }

  /** The rest of the present answer is of no use. */
  abandon(): void {
    this.#check?.abandon();
  }

  /** Takes bytes from a place on, as the body of a known answer. */
  #body(known: KnownAnswer, bytes: Uint8Array, from: number): Outcome | undefined {
    const end = this.#received + bytes.length - from;
    if (end > known.length) return lost("malformed");
    // Deno's `compare` refuses an end in these bytes beyond the length of the others.
    if (from < bytes.length) this.#verify(from === 0 ? bytes : bytes.subarray(from), end);
    this.#received = end;
    if (end < known.length) return undefined;
    const mismatch = this.#check?.end();
    this.#known = undefined;
    this.#check = undefined;
    this.#received = 0;
    const { reusable } = known.outcome;
    return mismatch ? { kind: "wrong", mismatch, reusable } : known.outcome;
  }

  #verify(piece: Uint8Array, end: number): void {
    const { reference } = this.#wanted;
    if (!reference) return;
    if (!this.#check) {
      const right = reference.body;
      if (right?.compare(piece, 0, piece.length, this.#received, end) === 0) return;
      this.#check = new BodyCheck(reference, this.#received);
    }
    this.#check.push(piece);
  }

  #parse(bytes: Uint8Array): Outcome | undefined {
    this.#parser ??= this.#newParser();
    const used = this.#parser.push(bytes);
    this.#total += bytes.length;
    const outcome = this.#outcome;
    if (!outcome) return undefined;
    if (used < bytes.length) return lost("malformed");
    this.#remember(outcome);
    this.#total = 0;
    this.#received = 0;
    this.#check = undefined;
    this.#outcome = undefined;
    return outcome;
  }

  #remember(outcome: Outcome): void {
    const framing = this.#head?.framing;
    if (outcome.kind !== "right" || framing?.kind !== "length") return;
    const headBytes = this.#total - framing.length;
    const first = this.#firstPiece as Uint8Array;
    if (headBytes > first.length) return;
    this.#wanted.known.add(
      first.subarray(0, headBytes),
      framing.length,
      outcome,
      this.#wanted.reference?.body,
    );
  }

  #newParser(): Parser<ResponseHead> {
    const parser: Parser<ResponseHead> = new Parser({ kind: "response", strict: false }, {
      onHead: (head) => {
        if (head.status < 200) return;
        this.#head = head;
        const { reference } = this.#wanted;
        if (reference && head.status === 200) this.#check = new BodyCheck(reference);
      },
      onData: (piece) => {
        this.#received += piece.length;
        this.#check?.push(piece);
      },
      onComplete: () => {
        // What comes behind the answer answers nothing.
        parser.pauseAfterMessage();
        this.#outcome = judge(this.#head as ResponseHead, this.#wanted, this.#check);
      },
      onDeviation: ({ code }) => {
        if (parser.failed && code !== "truncated") this.#outcome = lost("malformed");
      },
    });
    return parser;
  }
}
