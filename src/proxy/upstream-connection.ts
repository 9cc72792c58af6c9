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
  /** The answer is whole; `spent` where the connection cannot serve again, since more came behind it. */
  onComplete(trailers: readonly Field[], spent: boolean): void;
  /** The server has taken what was written. */
  onDrain(): void;
  /**
   * No whole answer will come: the connection is gone or no longer to be trusted; `untouched` where it
   * closed before a byte of the answer came.
   */
  onBroken(reason: string, untouched: boolean): void;
}

/**
 * Deviations of a server's that have one safe meaning once the head is written anew: RFC 9112, sections
 * 2.2, 4, 5.1 and 5.2. Everything else breaks the connection.
 */
/** A server that says ever more interim answers and no final one has none. */
const MOST_INTERIM = 32;

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
  readonly #left: (connection: UpstreamConnection) => void;
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
  /** The client waits for an interim answer before it sends its body. */
  #expecting = false;
  /** A byte of the answer came. */
  #touched = false;
  #interim = 0;
  /** The answer became whole within the bytes that are being taken. */
  #whole: { readonly handler: AnswerHandler; readonly trailers: readonly Field[] } | undefined;
  /** When the last thing happened that the server had a part in, in ms of `performance.now()`. */
  activeAtMs: number = performance.now();
  /** Nothing is read, because the client is behind. */
  paused = false;

  constructor(
    socket: TcpSocket,
    upstream: Upstream,
    left: (connection: UpstreamConnection) => void,
  ) {
    this.#socket = socket;
    this.upstream = upstream;
    this.#left = left;
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

  /** The next event has to be a part of the answer, and not of a request whose client is slow. */
  get awaited(): boolean {
    return !this.paused && (this.#asked || this.#expecting || this.#headSeen);
  }

  /** The server has to take what it was sent before anything else can happen. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /**
   * Sends the head of a request, whose answer goes to the handler; a body follows by `write`, where
   * the client expects it only after an interim answer.
   */
  send(head: string, bodiless: boolean, expecting: boolean, handler: AnswerHandler): void {
    // A server that closes at once, or speaks before it is asked, may be gone already.
    if (this.#closed) return queueMicrotask(() => handler.onBroken(CLOSED, true));
    this.#handler = handler;
    this.#touched = false;
    this.#interim = 0;
    this.#expecting = expecting;
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
    this.#expecting = false;
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
    handler?.onBroken(reason, false);
  }

  onData(bytes: Uint8Array): void {
    if (this.#closed) return;
    // An answer that nobody asked for would be taken for that of the next request.
    if (!this.#handler) return this.destroy();
    this.activeAtMs = performance.now();
    this.#touched = true;
    const used = this.#parser.push(bytes);
    this.#tellWhole(used < bytes.length);
  }

  /** Not before all bytes are taken: the next request must not be sent on a connection that is spent. */
  #tellWhole(spent: boolean): void {
    const whole = this.#whole;
    this.#whole = undefined;
    whole?.handler.onComplete(whole.trailers, spent);
  }

  #head(head: ResponseHead): void {
    if (this.#closed) return;
    if (head.status >= 200) {
      this.#headSeen = true;
      return this.#handler?.onHead(head);
    }
    if (head.status === 101) return this.fail("switched protocols without being asked");
    if (++this.#interim > MOST_INTERIM) return this.fail("sent interim answers only");
    this.#expecting = false;
    this.#handler?.onInterim(head);
  }

  #complete(trailers: readonly Field[]): void {
    if (this.#closed || !this.#headSeen) return;
    // What comes behind this answer answers nothing.
    this.#parser.pauseAfterMessage();
    const handler = this.#handler;
    this.#handler = undefined;
    this.#answers++;
    if (handler) this.#whole = { handler, trailers };
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
    if (this.#whole) this.#tellWhole(true);
    this.#gone("closed the connection without an answer");
  }

  onClose(error: NetError | undefined): void {
    this.#gone(error ? reset(error) : CLOSED);
    this.#closed = true;
    this.#left(this);
  }

  /** The server will say no more. */
  #gone(reason: string): void {
    if (this.#closed) return;
    const handler = this.#handler;
    this.destroy();
    handler?.onBroken(reason, !this.#touched);
  }
}

const CLOSED = "closed the connection";

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
