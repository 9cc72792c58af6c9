/**
 * Whole answers that were verified, so that one which is byte for byte the same costs a comparison.
 * There are a few of them, as fields such as Date and X-Server vary.
 */
import { Buffer } from "node:buffer";
import type { Right } from "./outcome.ts";

const MOST = 8;

/** A larger one is compared piece by piece anyway. */
const MOST_BYTES = 256 * 1024;

export class KnownAnswers {
  /** The one that came last is the first. */
  readonly #answers: { bytes: Buffer; outcome: Right }[] = [];

  find(bytes: Uint8Array): Right | undefined {
    const answers = this.#answers;
    for (let at = 0; at < answers.length; at++) {
      const known = answers[at] as { bytes: Buffer; outcome: Right };
      if (known.bytes.length !== bytes.length || !known.bytes.equals(bytes)) continue;
      if (at > 0) {
        answers.splice(at, 1);
        answers.unshift(known);
      }
      return known.outcome;
    }
    return undefined;
  }

  add(bytes: Uint8Array, outcome: Right): void {
    if (bytes.length > MOST_BYTES) return;
    // A copy, since they may be a small part of a large buffer.
    this.#answers.unshift({ bytes: Buffer.from(bytes), outcome });
    if (this.#answers.length > MOST) this.#answers.pop();
  }
}
