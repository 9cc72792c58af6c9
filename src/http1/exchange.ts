/** What a server and those who answer for it have of each other: one request at a time. */
import type { Deviation, Field, RequestHead } from "./message.ts";

/** One request and the means to answer it. Answer exactly once: `answer`, or `write` to `finish`. */
export interface Exchange {
  readonly request: RequestHead;
  readonly remoteAddress: string;
  /** Where the request came in. */
  readonly localAddress: string;
  readonly localPort: number;
  /** Whether the connection stays open afterwards; may be set to false before answering. */
  keepAlive: boolean;
  /** Sends a whole message (a string is Latin-1). */
  answer(message: string | Uint8Array): void;
  /** Sends a part of a message; false when the client is behind, and `onDrain` follows. */
  write(part: string | Uint8Array): boolean;
  /** Sends a head and the first piece of its body, as one where they are short; else as `write`. */
  begin(head: string, piece: Uint8Array): boolean;
  /** The message whose parts were written is complete. */
  finish(): void;
  /** Breaks the connection: the answer cannot be completed. */
  abort(): void;
  /** Set by the answerer: the client has caught up. */
  onDrain: (() => void) | undefined;
  /** Set by the answerer: the client has gone before the answer was finished. */
  onGone: (() => void) | undefined;
  /**
   * Set by the answerer in `onRequest`: takes the body in pieces, without its chunks. Left out, the
   * body is read and dropped.
   */
  onBody: ((piece: Uint8Array) => void) | undefined;
  /** Set by the answerer: the request is whole; called for one without a body too. */
  onBodyEnd: ((trailers: readonly Field[]) => void) | undefined;
  /** Set by the answerer: the body is malformed, and nothing more comes; else the connection breaks. */
  onBodyRefused: ((found: Deviation) => void) | undefined;
  /** The request with its body has come whole. */
  readonly whole: boolean;
  /** Stops reading the body: back-pressure for the client. */
  pauseBody(): void;
  resumeBody(): void;
}

export interface ServerParts {
  onRequest(exchange: Exchange): void;
  /** The whole answer to a message that is refused; the connection closes after it. */
  refuse(found: Deviation): string;
}
