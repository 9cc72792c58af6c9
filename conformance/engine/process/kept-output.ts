/**
 * One output stream of a program, kept in bounded memory: the first half and the last half of the
 * limit.
 *
 * The start says which port was bound, the end says what went wrong; a loop that prints 100 MB lies
 * between them.
 */
import type { Buffer } from "node:buffer";

export class KeptOutput {
  readonly #half: number;
  readonly #head: Uint8Array[] = [];
  readonly #tail: Uint8Array[] = [];
  #headBytes = 0;
  #tailBytes = 0;
  #leftOutBytes = 0;

  /** @param limitBytes how many bytes are kept, at least 2 */
  constructor(limitBytes: number) {
    this.#half = Math.max(1, Math.floor(limitBytes / 2));
  }

  add(chunk: Buffer | Uint8Array): void {
    const room = this.#half - this.#headBytes;
    if (room > 0) {
      this.#head.push(chunk.slice(0, room));
      this.#headBytes += Math.min(room, chunk.length);
    }
    if (chunk.length <= room) return;
    this.#tail.push(room > 0 ? chunk.subarray(room) : chunk);
    this.#tailBytes += chunk.length - Math.max(room, 0);
    this.#forget();
  }

  /** Drops from the front of the tail whatever exceeds its half. */
  #forget(): void {
    let excess = this.#tailBytes - this.#half;
    while (excess > 0) {
      const first = this.#tail[0]!;
      const dropped = Math.min(first.length, excess);
      if (dropped === first.length) this.#tail.shift();
      else this.#tail[0] = first.subarray(dropped);
      this.#tailBytes -= dropped;
      this.#leftOutBytes += dropped;
      excess -= dropped;
    }
  }

  /**
   * Decoded as UTF-8; bytes that are not (a Latin-1 message, a character cut in two) become U+FFFD.
   */
  text(): string {
    if (this.#leftOutBytes === 0) return decode([...this.#head, ...this.#tail]);
    const marker = `\n[... ${this.#leftOutBytes} bytes left out ...]\n`;
    return decode(this.#head) + marker + decode(this.#tail);
  }
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
}
