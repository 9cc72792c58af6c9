/**
 * Heads of answers that were right, so that one which is byte for byte the same costs a comparison.
 * There are a few of them, as fields such as Date and X-Server vary.
 */
import { Buffer } from "node:buffer";
import type { Right } from "./outcome.ts";

const MOST = 8;

const MOST_WHOLE_BYTES = 64 * 1024;

export interface KnownAnswer {
  /** All that comes ahead of the body. */
  readonly head: Buffer;
  /** Bytes of the body behind it. */
  readonly length: number;
  readonly outcome: Right;
  /** Head and body together, where these are small: they often come in one piece. */
  readonly whole: Buffer | undefined;
}

export class KnownAnswers {
  /** The one that came last is the first. */
  readonly #answers: KnownAnswer[] = [];

  /** The answer that these bytes begin, if all of its head is in them. */
  find(bytes: Uint8Array): KnownAnswer | undefined {
    const answers = this.#answers;
    for (let at = 0; at < answers.length; at++) {
      const known = answers[at] as KnownAnswer;
      const { length } = known.head;
      if (length > bytes.length || known.head.compare(bytes, 0, length) !== 0) continue;
      if (at > 0) {
        answers.splice(at, 1);
        answers.unshift(known);
      }
      return known;
    }
    return undefined;
  }

  /** `body` is undefined where any body is right, or none is known. */
  add(head: Uint8Array, length: number, outcome: Right, body: Buffer | undefined): void {
    const whole = body && body.length <= MOST_WHOLE_BYTES ? Buffer.concat([head, body]) : undefined;
    // A copy, since it may be a small part of a large buffer.
    this.#answers.unshift({ head: Buffer.from(head), length, outcome, whole });
    if (this.#answers.length > MOST) this.#answers.pop();
  }
}
