/** Long content that need not be held: made piece by piece, and compared as it comes. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** What is made at a time. */
const PIECE_BYTES = 64 * 1024;
const BLOCK_BYTES = 1024 * 1024;
/** A prime, so that pieces begin at places that differ: one that is lost or swapped is seen. */
const STEP_BYTES = 7919;

let block: Buffer | undefined;

/** A fixed megabyte without a pattern, by xorshift32; every byte value is in it. */
function fixedBlock(): Buffer {
  if (block) return block;
  const words = new Uint32Array(BLOCK_BYTES / 4);
  let state = 0x9e3779b9;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return block = Buffer.from(words.buffer);
}

function pieceAt(index: number): Buffer {
  const start = index * STEP_BYTES % (BLOCK_BYTES - PIECE_BYTES);
  return fixedBlock().subarray(start, start + PIECE_BYTES);
}

/** So many bytes, the same each time, in pieces of 64 KiB. */
export function* contentPieces(length: number): Generator<Buffer> {
  for (let at = 0; at < length; at += PIECE_BYTES) {
    yield pieceAt(at / PIECE_BYTES).subarray(0, length - at);
  }
}

/** The same in one piece; for lengths that fit. */
export function content(length: number): Buffer {
  return Buffer.concat([...contentPieces(length)]);
}

/** SHA-256 of so many bytes of it, as hexadecimal digits. */
export function contentSha256(length: number): string {
  const hash = createHash("sha256");
  for (const piece of contentPieces(length)) hash.update(piece);
  return hash.digest("hex");
}

/** Cuts content into chunks of these sizes, over and over, with an extension on every third. */
export function* chunked(
  pieces: Iterable<Uint8Array>,
  sizes: readonly number[],
): Generator<Buffer> {
  let count = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; count++) {
      const part = piece.subarray(at, at + (sizes[count % sizes.length] as number));
      const extension = count % 3 === 2 ? ";steelyard=1" : "";
      yield Buffer.concat([
        Buffer.from(`${part.length.toString(16)}${extension}\r\n`),
        part,
        Buffer.from("\r\n"),
      ]);
      at += part.length;
    }
  }
  yield Buffer.from("0\r\n\r\n");
}

/** Holds content that comes against what was sent, without keeping either. */
export class ContentCheck {
  readonly #wanted: number;
  /** How many bytes have come. */
  length = 0;
  /** The first byte that is not the one sent, and what came there. */
  difference: { readonly at: number; readonly came: number; readonly wanted: number } | undefined;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.difference && this.length + at < this.#wanted) {
      at += this.#compare(bytes, at);
    }
    this.length += bytes.length;
  }

  /** As far as one piece reaches; how many bytes that was. */
  #compare(bytes: Uint8Array, at: number): number {
    const place = this.length + at;
    const offset = place % PIECE_BYTES;
    const wanted = pieceAt((place - offset) / PIECE_BYTES)
      .subarray(offset, offset + Math.min(this.#wanted - place, bytes.length - at));
    const came = bytes.subarray(at, at + wanted.length);
    if (!wanted.equals(came)) {
      const first = wanted.findIndex((byte, i) => byte !== came[i]);
      this.difference = {
        at: place + first,
        came: came[first] as number,
        wanted: wanted[first] as number,
      };
    }
    return came.length;
  }

  /** Undefined where all of it came and nothing else, else how it differs, in a sentence. */
  problem(): string | undefined {
    const sizes = this.length === this.#wanted
      ? `all ${this.length} bytes came`
      : `${this.length} bytes came, not ${this.#wanted}`;
    if (this.difference) {
      const { at, came, wanted } = this.difference;
      return `byte ${at} is ${hex(came)}, not ${hex(wanted)} (${sizes})`;
    }
    return this.length === this.#wanted
      ? undefined
      : `${sizes}; as far as they go they are the same`;
  }
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
