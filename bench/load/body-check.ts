/**
 * Compares a body with the one that is asked for while it arrives: by its bytes where these are
 * known, else by its SHA-256. Nothing is joined, so that a large body costs no more memory.
 */
import type { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import type { Wrong } from "./outcome.ts";
import type { ReferenceBody } from "./reference-body.ts";

export class BodyCheck {
  readonly #reference: ReferenceBody;
  readonly #right: Buffer | undefined;
  #received = 0;
  /** The first byte that differs. */
  #at: number | null = null;
  #hash: Hash | undefined;
  #learning: Buffer | undefined;

  /** Of a body of which so many bytes have come and are known to be right. */
  constructor(reference: ReferenceBody, received = 0) {
    this.#reference = reference;
    this.#received = received;
    this.#right = reference.body;
    if (this.#right) return;
    this.#hash = createHash("sha256");
    this.#learning = reference.learn();
  }

  push(piece: Uint8Array): void {
    if (!this.#hash && !this.#same(piece)) this.#differs(piece);
    this.#hash?.update(piece);
    if (this.#learning && this.#received + piece.length <= this.#learning.length) {
      this.#learning.set(piece, this.#received);
    }
    this.#received += piece.length;
  }

  /** The body is whole: undefined where it is the right one. */
  end(): Wrong["mismatch"] | undefined {
    const { sha256, bytes } = this.#reference;
    if (!this.#hash) {
      if (this.#received === bytes) return undefined;
      this.#at = this.#received;
      this.#hash = this.#hashOfSame();
    }
    const actual = this.#hash.digest("hex");
    const right = actual === sha256 && this.#received === bytes;
    if (this.#learning) {
      this.#reference.learned(right ? this.#learning : undefined);
      this.#learning = undefined;
    }
    if (right) return undefined;
    return {
      expectedBytes: bytes,
      expectedSha256: sha256,
      actualBytes: this.#received,
      actualSha256: actual,
      at: this.#at,
    };
  }

  /** The rest does not come. */
  abandon(): void {
    if (this.#learning) this.#reference.learned(undefined);
    this.#learning = undefined;
  }

  #same(piece: Uint8Array): boolean {
    const right = this.#right as Buffer;
    const end = this.#received + piece.length;
    return end <= right.length && right.compare(piece, 0, piece.length, this.#received, end) === 0;
  }

  #differs(piece: Uint8Array): void {
    const right = this.#right as Buffer;
    let same = 0;
    while (same < piece.length && piece[same] === right[this.#received + same]) same++;
    this.#at = this.#received + same;
    this.#hash = this.#hashOfSame();
  }

  #hashOfSame(): Hash {
    const right = this.#right as Buffer;
    return createHash("sha256").update(right.subarray(0, this.#received));
  }
}
