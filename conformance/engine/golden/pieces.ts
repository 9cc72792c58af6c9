/** Ways to cut a message, for the rules about fragments. */

export const PIECES = ["bytes", "halves", "one-segment", "head-then-body", "cut-in-head"] as const;
export type Pieces = typeof PIECES[number];

/** Long enough that TCP sends what it has, short enough for hundreds of bytes. */
const BYTE_GAP_MS = 1;
const GAP_MS = 30;

export function cutMessage(bytes: Uint8Array, how: Pieces): Uint8Array[] {
  const headEnd = Math.max(0, findHeadEnd(bytes));
  switch (how) {
    case "bytes":
      return Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
    case "halves":
      return cutAt(bytes, Math.floor(bytes.length / 2));
    case "head-then-body":
      return cutAt(bytes, headEnd);
    case "cut-in-head":
      return cutAt(bytes, headEnd - 1);
    case "one-segment":
      return [bytes];
  }
}

/** Sends a message in pieces, with a gap after each but the last. */
export async function sendPieces(
  send: (piece: Uint8Array) => void,
  bytes: Uint8Array,
  how: Pieces,
): Promise<void> {
  const pieces = cutMessage(bytes, how);
  const gapMs = how === "bytes" ? BYTE_GAP_MS : GAP_MS;
  for (const [i, piece] of pieces.entries()) {
    if (i > 0) await new Promise((done) => setTimeout(done, gapMs));
    send(piece);
  }
}

function cutAt(bytes: Uint8Array, at: number): Uint8Array[] {
  return [bytes.subarray(0, at), bytes.subarray(at)].filter((piece) => piece.length > 0);
}

function findHeadEnd(bytes: Uint8Array): number {
  for (let i = 3; i < bytes.length; i++) {
    if (bytes[i] === 10 && bytes[i - 1] === 13 && bytes[i - 2] === 10) return i + 1;
  }
  return bytes.length;
}
