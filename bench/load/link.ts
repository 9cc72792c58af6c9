/** One connection to a server, with one request on it at a time. */
import type { Buffer } from "node:buffer";
import { tcp } from "../../src/net/mod.ts";
import type { NetError, TcpHandler, TcpSocket } from "../../src/net/mod.ts";
import { AnswerReader } from "./answer-reader.ts";
import { lost } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import type { Wanted } from "./wanted.ts";

/** A request, where it goes and what it is to bring. */
export interface Ask {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly message: Buffer;
  readonly wanted: Wanted;
}

/** Who asks. */
export interface LinkOwner {
  opened(link: Link): void;
  /** Called once for each request, and for an opening that failed. */
  answered(link: Link, outcome: Outcome): void;
  /** Something came: work for this process. */
  heard(): void;
}

const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  ETIMEDOUT: "timeout",
};

export class Link implements TcpHandler {
  readonly #ask: Ask;
  readonly #owner: LinkOwner;
  readonly #reader: AnswerReader;
  #socket: TcpSocket | undefined;
  #waiting = false;
  /** Gone, or given up before it was there. */
  closed = false;
  /** Has been open without a request, so that the server may close it in good faith. */
  rested = false;

  constructor(ask: Ask, owner: LinkOwner) {
    this.#ask = ask;
    this.#owner = owner;
    this.#reader = new AnswerReader(ask.wanted);
  }

  open(timeoutMs: number): void {
    const { host, port } = this.#ask;
    tcp.connect({ host, port, timeoutMs }, (socket) => {
      this.#socket = socket;
      if (!this.closed) this.#owner.opened(this);
      return this;
    }).then(
      (socket) => {
        if (this.closed) socket.destroy();
      },
      (error) => this.#fail(`connect ${error.code}`, error),
    );
  }

  get isOpen(): boolean {
    return this.#socket !== undefined && !this.closed;
  }

  send(): void {
    this.#waiting = true;
    this.#socket?.write(this.#ask.message);
  }

  destroy(): void {
    if (this.closed) return;
    this.closed = true;
    this.#reader.abandon();
    this.#socket?.destroy();
  }

  onData(bytes: Uint8Array): void {
    this.#owner.heard();
    if (this.closed) return;
    // An answer to nothing.
    if (!this.#waiting) return this.destroy();
    const outcome = this.#reader.push(bytes);
    if (!outcome) return;
    this.#waiting = false;
    this.#owner.answered(this, outcome);
  }

  onEnd(): void {
    this.#over(undefined);
  }

  onClose(error: NetError | undefined): void {
    this.#over(error && (FAILURES[error.code] ?? "reset"));
  }

  #over(why: string | undefined): void {
    if (this.closed) return;
    const outcome = this.#waiting ? this.#reader.end(why) : undefined;
    this.destroy();
    if (outcome) this.#owner.answered(this, outcome);
  }

  #fail(unknown: string, error: NetError): void {
    if (this.closed) return;
    this.destroy();
    this.#owner.answered(this, lost(FAILURES[error.code] ?? unknown, true));
  }
}
