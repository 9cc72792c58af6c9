/** Sends a file as the body of an answer, in constant memory whatever its size. */
import { Buffer } from "node:buffer";
import { closeSync, readSync } from "node:fs";
import type { Exchange } from "../http1/mod.ts";
import type { OpenFile } from "./resolve-file.ts";

/**
 * Held once for each stream. A fifth faster than a quarter of it, as a piece fills the socket's own
 * buffer in one go; four times as much is slower again.
 */
const PIECE_BYTES = 1024 * 1024;

/** Files up to this size go out in one write together with their head. */
const WHOLE_BYTES = 64 * 1024;

/**
 * Writes the head and the file, then finishes the exchange and closes the descriptor. A file that
 * turns out shorter than its size breaks the connection, so that no client takes it for whole.
 */
export function sendFile(exchange: Exchange, head: string, file: OpenFile): void {
  if (file.size <= WHOLE_BYTES) return sendWhole(exchange, head, file);
  const piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, file.size));
  let sent = 0;
  let open = true;
  const close = () => {
    if (open) closeSync(file.descriptor);
    open = false;
  };
  const pump = () => {
    while (open) {
      const count = readPiece(file, piece, sent);
      if (count === 0) {
        close();
        return exchange.abort();
      }
      sent += count;
      // The buffer is ours again only after a drain, or at once where the write was taken whole.
      const taken = exchange.write(piece.subarray(0, count));
      if (sent === file.size) {
        close();
        return exchange.finish();
      }
      if (!taken) return;
    }
  };
  exchange.onDrain = pump;
  exchange.onGone = close;
  if (exchange.write(head)) pump();
}

function sendWhole(exchange: Exchange, head: string, file: OpenFile): void {
  const message = Buffer.allocUnsafe(head.length + file.size);
  message.write(head, 0, "latin1");
  let filled = 0;
  try {
    while (filled < file.size) {
      const at = head.length + filled;
      const count = readSync(file.descriptor, message, at, file.size - filled, filled);
      if (count === 0) return exchange.abort();
      filled += count;
    }
  } catch {
    return exchange.abort();
  } finally {
    closeSync(file.descriptor);
  }
  exchange.answer(message);
}

/** 0 at the end of the file, and where it cannot be read. */
function readPiece(file: OpenFile, piece: Uint8Array, at: number): number {
  try {
    return readSync(file.descriptor, piece, 0, Math.min(piece.length, file.size - at), at);
  } catch {
    return 0;
  }
}
