/** A source of its own for each purpose, so that one more draw here changes nothing there. */
import { createHash } from "node:crypto";
import { randomSource } from "../../src/redirect/mod.ts";

/** Numbers in [0, 1), the same for the same seed and purpose. */
export function randomFor(seed: number, purpose: string): () => number {
  const digest = createHash("sha256").update(`${seed} ${purpose}`).digest();
  return randomSource(digest.readUInt32LE(0));
}
