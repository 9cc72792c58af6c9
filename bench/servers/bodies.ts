/** Files of random-looking bytes, the same for the same seed, whose SHA-256 is known. */
import { Buffer } from "node:buffer";
import { createCipheriv, createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

export interface Body {
  /** The file's name. */
  readonly name: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

const PIECE_BYTES = 1024 * 1024;

/** Writes a file into a folder that is there. */
export function writeBody(folder: string, name: string, bytes: number, seed: number): Body {
  // A cipher's key stream looks random, and is made faster than any generator of numbers.
  const key = createHash("sha256").update(`${seed} ${name}`).digest().subarray(0, 16);
  const stream = createCipheriv("aes-128-ctr", key, Buffer.alloc(16));
  const zeros = Buffer.alloc(Math.min(PIECE_BYTES, bytes));
  const hash = createHash("sha256");
  const file = openSync(join(folder, name), "w");
  try {
    for (let left = bytes; left > 0; left -= PIECE_BYTES) {
      const piece = stream.update(zeros.subarray(0, left));
      hash.update(piece);
      for (let at = 0; at < piece.length;) at += writeSync(file, piece, at);
    }
  } finally {
    closeSync(file);
  }
  return { name, bytes, sha256: hash.digest("hex") };
}
