/** One connection that a proxy opened to a server of the suite's: its bytes, its requests, its end. */
import { Buffer } from "node:buffer";
import { Parser } from "../../src/http1/mod.ts";
import type { DeviationCode, RequestHead } from "../../src/http1/mod.ts";
import type { NetError, TcpHandler, TcpSocket } from "../../src/net/mod.ts";
import { latin1 } from "../engine/bytes.ts";
import { KeptBytes } from "./kept-bytes.ts";
import { UpstreamRequest } from "./upstream-request.ts";
import type { UpstreamStandIn } from "./upstream-stand-in.ts";

/** How a connection came to its end: the proxy said FIN, it was reset, or the suite closed it. */
export interface Ended {
  readonly how: "FIN" | "reset" | "suite";
  /** Milliseconds on the runtime's clock. */
  readonly atMs: number;
}

const REFUSAL = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

export class UpstreamConnection {
  /** From 1, in the order in which they were accepted. */
  readonly number: number;
  readonly openedMs: number = performance.now();
  /** All that came, as it came. */
  readonly raw: KeptBytes = new KeptBytes();
  readonly requests: UpstreamRequest[] = [];
  /** Of all that came, in or out of a request. */
  readonly deviations: DeviationCode[] = [];
  /** Why nothing more can be read from it, in words. */
  unreadable: string | undefined;
  /** The first end that was seen, of either side. */
  ended: Ended | undefined;
  /** Both sides are done. */
  closed = false;
  readonly #standIn: UpstreamStandIn;
  readonly #socket: TcpSocket;
  readonly #parser: Parser<RequestHead>;
  /** Of the message that is being read. */
  #headParts: Uint8Array[] = [];
  #deviations: DeviationCode[] = [];
  #current: UpstreamRequest | undefined;
  /** Answers come in the order of the requests. */
  #turn: Promise<void> = Promise.resolve();
  #unanswered = 0;
  #peerDone = false;
  #drained: (() => void) | undefined;

  constructor(standIn: UpstreamStandIn, socket: TcpSocket, number: number) {
    this.#standIn = standIn;
    this.#socket = socket;
    this.number = number;
    this.#log("opened");
    this.#parser = new Parser<RequestHead>({ kind: "request", strict: false }, {
      onHead: (head) => this.#onHead(head),
      onData: (bytes) => this.#current?.body.push(bytes),
      onComplete: (trailers) => this.#onComplete(trailers),
      onDeviation: ({ code, detail }) => this.#onDeviation(code, detail),
    });
  }

  /** The server's name, `server A`. */
  get server(): string {
    return this.#standIn.name;
  }

  /** What the socket calls. */
  readonly handler: TcpHandler = {
    onData: (bytes) => this.#onData(bytes),
    onDrain: () => this.#drained?.(),
    onEnd: () => this.#onEnd(),
    onClose: (error) => this.#onClose(error),
  };

  /** Sends exactly these bytes; a string is Latin-1. False where the connection is gone. */
  send(bytes: Uint8Array | string): boolean {
    if (this.closed) return false;
    this.#socket.write(bytes);
    return true;
  }

  /** Sends one piece after the other, each when the one before is on its way; false as soon as it is gone. */
  async sendAll(pieces: Iterable<Uint8Array>): Promise<boolean> {
    for (const piece of pieces) {
      if (this.closed) return false;
      if (this.#socket.write(piece)) continue;
      await new Promise<void>((done) => this.#drained = done);
    }
    return !this.closed;
  }

  /** Says FIN after what was sent. */
  end(): void {
    this.#ended("suite", "ended by the suite with FIN");
    this.#socket.end();
  }

  /** Resets it at once: what was not sent yet is lost. */
  reset(): void {
    this.#ended("suite", "reset by the suite");
    this.#socket.reset();
  }

  /** Closes it without a word; after a case. */
  destroy(): void {
    if (this.closed) return;
    this.#ended("suite", "closed by the suite");
    this.#socket.destroy();
  }

  /** Stops reading, as a slow server does. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #onData(bytes: Uint8Array): void {
    this.raw.push(bytes);
    for (let at = 0; at < bytes.length;) {
      const rest = bytes.subarray(at);
      if (!this.#current) this.#headParts.push(Buffer.from(rest));
      at += this.#parser.push(rest);
      if (this.unreadable !== undefined) return;
    }
  }

  #onHead(head: RequestHead): void {
    const seen = Buffer.concat(this.#headParts);
    const end = /\r?\n\r?\n/.exec(
      latin1(seen).replace(/^[\r\n]+/, (blank) => " ".repeat(blank.length)),
    );
    const raw = end ? seen.subarray(0, end.index + end[0].length) : seen;
    const request = new UpstreamRequest(head, raw, this.#deviations, this);
    this.#current = request;
    this.#headParts = [];
    this.requests.push(request);
    this.#standIn.requests.push(request);
    this.#log(`asked for ${request.method} ${printable(request.target)} ${request.version}`);
    const { respond } = this.#standIn;
    this.#unanswered++;
    this.#turn = this.#turn.then(() => respond(request)).catch((error) => {
      this.#log(`no answer can be made: ${(error as Error).message}`);
      this.destroy();
    }).then(() => {
      this.#unanswered--;
      this.#endAfterPeer();
    });
  }

  #onComplete(trailers: UpstreamRequest["trailers"]): void {
    const request = this.#current as UpstreamRequest;
    request.trailers = trailers;
    this.#current = undefined;
    this.#deviations = [];
    if (request.framing !== "none") {
      this.#log(`the request's body is whole: ${request.body.length} bytes`);
    }
    request.settle(true);
    this.#standIn.log.changed();
    // So that the bytes of the next head are known.
    this.#parser.pauseAfterMessage();
  }

  #onDeviation(code: DeviationCode, detail: string): void {
    this.deviations.push(code);
    this.#deviations.push(code);
    this.#log(`not RFC 9112 (${code}): ${printable(detail)}`);
    if (!this.#parser.failed) return;
    this.unreadable = detail;
    this.#current?.settle(false);
    if (this.#peerDone) return;
    this.#turn = this.#turn.then(() => {
      this.#log("answers 400 to what it cannot read");
      this.send(REFUSAL);
      this.end();
    });
  }

  #onEnd(): void {
    this.#peerDone = true;
    this.#ended("FIN", "the proxy ended it with FIN");
    if (this.unreadable === undefined) this.#parser.end();
    this.#current?.settle(false);
    this.#endAfterPeer();
  }

  /** A proxy may say FIN right after its request, and still wait for the answer. */
  #endAfterPeer(): void {
    if (this.#peerDone && this.#unanswered === 0) this.#socket.end();
  }

  #onClose(error: NetError | undefined): void {
    this.closed = true;
    this.#ended(error ? "reset" : "FIN", error ? `broken off: ${error.message}` : "closed");
    this.#current?.settle(false);
    this.#drained?.();
    this.#standIn.log.changed();
  }

  #ended(how: Ended["how"], what: string): void {
    if (this.ended) return;
    this.ended = { how, atMs: performance.now() };
    this.#log(what);
  }

  #log(what: string): void {
    this.#standIn.log.add(this.#standIn.name, `connection ${this.number}: ${what}`);
  }
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 200);
}
