/** The body that is asked for: known by its SHA-256, and by its bytes once it has come right. */
import { Buffer } from "node:buffer";

/** A larger body is hashed each time. */
const MOST_KEPT_BYTES = 256 * 1024 * 1024;

export class ReferenceBody {
  readonly sha256: string;
  readonly bytes: number;
  /** Verified by its SHA-256. */
  body: Buffer | undefined;
  #learning = false;

  constructor(sha256: string, bytes: number) {
    this.sha256 = sha256;
    this.bytes = bytes;
  }

  /** Room for the bytes of an answer that may turn out right; one answer at a time has it. */
  learn(): Buffer | undefined {
    if (this.#learning || this.body || this.bytes > MOST_KEPT_BYTES) return undefined;
    this.#learning = true;
    return Buffer.allocUnsafeSlow(this.bytes);
  }

  /** The answer that had the room has ended; with its bytes where they are right. */
  learned(body: Buffer | undefined): void {
    this.#learning = false;
    this.body ??= body;
  }
}

/** The bodies of the plans of late, so that a second plan does not learn them again. */
export class ReferenceBodies {
  readonly #latest = new Map<string, ReferenceBody>();

  get(sha256: string, bytes: number): ReferenceBody {
    const key = `${sha256} ${bytes}`;
    const found = this.#latest.get(key) ?? new ReferenceBody(sha256, bytes);
    this.#latest.delete(key);
    this.#latest.set(key, found);
    this.#forget();
    return found;
  }

  #forget(): void {
    let sum = 0;
    for (const [key, { bytes }] of [...this.#latest].reverse()) {
      sum += bytes;
      if (sum > MOST_KEPT_BYTES && sum > bytes) this.#latest.delete(key);
    }
  }
}
