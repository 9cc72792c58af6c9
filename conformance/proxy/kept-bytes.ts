/** Bytes that go by: the first of them kept, all of them counted and digested. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";

/** Enough for any head, and for a body that is worth looking at. */
export const KEPT_BYTES = 1024 * 1024;

export class KeptBytes {
  readonly #parts: Uint8Array[] = [];
  readonly #hash: Hash = createHash("sha256");
  #kept = 0;
  /** How many went by. */
  length = 0;

  push(bytes: Uint8Array): void {
    this.length += bytes.length;
    this.#hash.update(bytes);
    const room = KEPT_BYTES - this.#kept;
    if (room <= 0) return;
    // The socket's buffer is used again.
    const part = Buffer.from(bytes.subarray(0, room));
    this.#kept += part.length;
    this.#parts.push(part);
  }

  /** The first of them, 1 MiB at most. */
  get bytes(): Buffer {
    if (this.#parts.length > 1) this.#parts.splice(0, Infinity, Buffer.concat(this.#parts));
    return (this.#parts[0] ?? Buffer.alloc(0)) as Buffer;
  }

  /** Of all of them, as hexadecimal digits. */
  get sha256(): string {
    return this.#hash.copy().digest("hex");
  }
}
