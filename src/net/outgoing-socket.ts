/**
 * A `node:net` socket that goes on reading when a write has failed. A server may answer before it has
 * taken the whole request, and close with a reset: its answer lies in the kernel then, and Node, Deno
 * and Bun would all drop it with the first write that the reset makes fail.
 */
import * as net from "node:net";
import { runtime } from "./runtime.ts";

/** With these the kernel gives what has come, and then an end. */
const PEER_GONE = new Set(["ECONNRESET", "EPIPE"]);

type Written = (error?: Error | null) => void;

interface Piece {
  // deno-lint-ignore no-explicit-any -- as node:stream declares it
  readonly chunk: any;
  readonly encoding: BufferEncoding;
}

export class OutgoingSocket extends net.Socket {
  #failure: NodeJS.ErrnoException | undefined;

  /**
   * Whether the end of what can be read is the peer's own. Behind a reset the kernel gives an end too,
   * once the write has been told of it: a body that was cut off would seem whole.
   */
  get endIsReset(): boolean {
    if (!this.#failure) return false;
    // The peer had ended before it reset. Deno writes twice, and tells of the second failure only.
    return this.#failure.code !== "EPIPE" || runtime === "deno";
  }

  // deno-lint-ignore no-explicit-any -- as node:stream declares it
  override _write(chunk: any, encoding: BufferEncoding, written: Written): void {
    if (this.#failure) return written();
    super._write(chunk, encoding, (error) => this.#written(error, written));
  }

  override _writev(pieces: Piece[], written: Written): void {
    if (this.#failure) return written();
    super._writev?.(pieces, (error) => this.#written(error, written));
  }

  #written(error: NodeJS.ErrnoException | null | undefined, written: Written): void {
    if (!error || !PEER_GONE.has(error.code ?? "")) return written(error);
    this.#failure = error;
    // Told when all has been read: by an end, or by the error of a read.
    written();
  }
}
