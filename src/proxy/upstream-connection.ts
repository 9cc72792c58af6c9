/** One connection to a server: requests go out one after the other, answers come back parsed. */
import { Buffer } from "node:buffer";
import { Parser } from "../http1/mod.ts";
import type { Deviation, Field, ResponseHead } from "../http1/mod.ts";
import type { NetError, TcpHandler, TcpSocket } from "../net/mod.ts";
import type { Upstream } from "./upstream.ts";

/** What a request hears of its answer. */
export interface AnswerHandler {
  onInterim(head: ResponseHead): void;
  onHead(head: ResponseHead): void;
  onBody(piece: Uint8Array): void;
  onComplete(trailers: readonly Field[]): void;
  /** The server has taken what was written. */
  onDrain(): void;
  /** No whole answer will come: the connection is gone or no longer to be trusted. */
  onBroken(reason: string): void;
}

/**
 * Deviations of a server's that have one safe meaning once the head is written anew: RFC 9112, sections
 * 2.2, 4, 5.1 and 5.2. Everything else breaks the connection.
 */
const HARMLESS: ReadonlySet<string> = new Set([
  "bare-lf",
  "bad-status-line",
  "folded-field",
  "space-before-colon",
  "repeated-content-length",
]);

export class UpstreamConnection implements TcpHandler {
  readonly upstream: Upstream;
  readonly #socket: TcpSocket;
  readonly #parser: Parser<ResponseHead>;
  readonly #gone: (connection: UpstreamConnection) => void;
  /** The request under way; undefined while idle. */
  #handler: AnswerHandler | undefined;
  #headSeen = false;
  #closed = false;
  /** Requests answered whole. */
  #answers = 0;
  /** The request went out whole. */
  #asked = false;
  /** The server does not take what was written. */
  #blocked = false;
  /** When the last thing happened that the server had a part in, in ms of `performance.now()`. */
  activeAtMs = performance.now();
  /** Nothing is read, because the client is behind. */
  paused = false;

  constructor(
    socket: TcpSocket,
    upstream: Upstream,
    gone: (connection: UpstreamConnection) => void,
  ) {
    this.#socket = socket;
    this.upstream = upstream;
    this.#gone = gone;
    this.#parser = new Parser<ResponseHead>({ kind: "response", strict: false }, {
      onHead: (head) => this.#head(head),
      onData: (piece) => this.#handler?.onBody(piece),
      onComplete: (trailers) => this.#complete(trailers),
      onDeviation: (found) => this.#deviation(found),
    });
  }

  /** It has served before, so that the server may have given it up in the meantime. */
  get reused(): boolean {
    return this.#answers > 0;
  }

  get busy(): boolean {
    return this.#handler !== undefined;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The next event has to come from the server, and not from a client that is slow. */
  get awaited(): boolean {
    return !this.paused && (this.#asked || this.#blocked || this.#headSeen);
  }

  /** Sends the head of a request, whose answer goes to the handler; a body follows by `write`. */
  send(head: string, bodiless: boolean, handler: AnswerHandler): void {
    this.#handler = handler;
    this.#headSeen = false;
    this.#asked = false;
    this.#parser.bodiless = bodiless;
    this.activeAtMs = performance.now();
    this.#socket.write(head);
  }

  /** The request went out whole, so that the answer's time runs from here. */
  asked(): void {
    this.#asked = true;
    this.activeAtMs = performance.now();
  }

  /** Sends a piece of the body; false when the server is behind, and `onDrain` follows. */
  write(piece: Uint8Array | string): boolean {
    this.activeAtMs = performance.now();
    const taken = this.#socket.write(piece);
    this.#blocked = !taken;
    return taken;
  }

  pause(): void {
    this.paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.activeAtMs = performance.now();
    this.#socket.resume();
  }

  /** Breaks it off; the handler hears nothing more. */
  destroy(): void {
    this.#handler = undefined;
    this.#closed = true;
    this.#socket.destroy();
  }

  /** Tells the request under way that it has waited too long or the like, and breaks off. */
  fail(reason: string): void {
    if (this.#closed) return;
    const handler = this.#handler;
    this.destroy();
    handler?.onBroken(reason);
  }

  onData(bytes: Uint8Array): void {
    if (this.#closed) return;
    // An answer that nobody asked for would be taken for that of the next request.
    if (!this.#handler) return this.destroy();
    this.activeAtMs = performance.now();
    const used = this.#parser.push(bytes);
    if (used < bytes.length && !this.#closed) this.destroy();
  }

  #head(head: ResponseHead): void {
    if (this.#closed) return;
    if (head.status >= 200) {
      this.#headSeen = true;
      return this.#handler?.onHead(head);
    }
    if (head.status === 101) return this.fail("switched protocols without being asked");
    this.#handler?.onInterim(head);
  }

  #complete(trailers: readonly Field[]): void {
    if (this.#closed || !this.#headSeen) return;
    // What comes behind this answer answers nothing.
    this.#parser.pauseAfterMessage();
    const handler = this.#handler;
    this.#handler = undefined;
    this.#answers++;
    handler?.onComplete(trailers);
  }

  #deviation(found: Deviation): void {
    if (!this.#parser.failed && HARMLESS.has(found.code)) return;
    const what = found.code === "truncated" ? "closed the connection inside its answer" : undefined;
    this.fail(what ?? `sent a malformed answer: ${found.detail}`);
  }

  onDrain(): void {
    this.#blocked = false;
    this.#handler?.onDrain();
  }

  onEnd(): void {
    if (this.#closed) return;
    this.#parser.end();
    // A body that the close has ended is complete now.
    this.fail("closed the connection without an answer");
  }

  onClose(error: NetError | undefined): void {
    const handler = this.#handler;
    const known = this.#closed;
    this.#handler = undefined;
    this.#closed = true;
    this.#gone(this);
    if (!known) handler?.onBroken(error ? reset(error) : "closed the connection");
  }
}

function reset({ code }: NetError): string {
  return code === "ECONNRESET" ? "reset the connection" : `broke the connection (${code})`;
}

/** A piece as a chunk: RFC 9112, section 7.1. */
export function chunkOf(piece: Uint8Array): Uint8Array {
  const size = `${piece.length.toString(16)}\r\n`;
  const chunk = Buffer.allocUnsafe(size.length + piece.length + 2);
  chunk.write(size, 0, "latin1");
  chunk.set(piece, size.length);
  chunk.write("\r\n", size.length + piece.length, "latin1");
  return chunk;
}
