/** One connection of a server's: requests come in, and each gets its answer before the next is taken. */
import { Buffer } from "node:buffer";
import type { TcpSocket } from "../net/mod.ts";
import type { Exchange, ServerParts } from "./exchange.ts";
import { keepsAlive } from "./message.ts";
import type { Deviation, Field, Limits, RequestHead } from "./message.ts";
import { Parser } from "./parser.ts";

export interface ConnectionOptions {
  readonly limits?: Limits;
  /** How long a connection may be silent, in milliseconds. */
  readonly idleMs?: number;
}

/** Input held back while an answer is under way; beyond it the socket is paused. */
const BACKLOG_BYTES = 65536;

export class ServerConnection implements Exchange {
  readonly #socket: TcpSocket;
  readonly #parts: ServerParts;
  readonly #gone: (connection: ServerConnection) => void;
  readonly #parser: Parser<RequestHead>;
  request!: RequestHead;
  keepAlive = true;
  onDrain: (() => void) | undefined;
  onGone: (() => void) | undefined;
  onBody: ((piece: Uint8Array) => void) | undefined;
  onBodyEnd: ((trailers: readonly Field[]) => void) | undefined;
  onBodyRefused: ((found: Deviation) => void) | undefined;
  /** A request waits for its answer. */
  #busy = false;
  /** The body of the request that was answered is still coming. */
  #reading = false;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #bodyPaused = false;
  /** The client has not taken what was written: what it asks for next has to wait. */
  #blocked = false;
  #closing = false;
  #peerEnded = false;
  /** Answers to pipelined requests of one segment, sent together. */
  #corked: string | undefined;

  constructor(
    socket: TcpSocket,
    parts: ServerParts,
    options: ConnectionOptions,
    gone: (connection: ServerConnection) => void,
  ) {
    this.#socket = socket;
    this.#parts = parts;
    this.#gone = gone;
    this.#parser = new Parser<RequestHead>(
      { kind: "request", strict: true, ...(options.limits ? { limits: options.limits } : {}) },
      {
        onHead: (head) => this.#head(head),
        onData: (piece) => this.onBody?.(piece),
        onComplete: (trailers) => this.#complete(trailers),
        onDeviation: (found) => this.#deviation(found),
      },
    );
    socket.setIdleTimeout(options.idleMs ?? 60_000);
  }

  get remoteAddress(): string {
    return this.#socket.remoteAddress;
  }

  get localAddress(): string {
    return this.#socket.localAddress;
  }

  get localPort(): number {
    return this.#socket.localPort;
  }

  get whole(): boolean {
    return !this.#reading;
  }

  pauseBody(): void {
    this.#bodyPaused = true;
    this.#socket.pause();
  }

  resumeBody(): void {
    if (!this.#bodyPaused) return;
    this.#bodyPaused = false;
    if (this.#pendingBytes <= BACKLOG_BYTES) this.#socket.resume();
  }

  onData(bytes: Uint8Array): void {
    if (this.#closing) return;
    const wanted = this.#busy ? this.#reading && this.onBody !== undefined : !this.#blocked;
    if (!wanted) {
      this.#pending.push(bytes);
      this.#pendingBytes += bytes.length;
      if (this.#pendingBytes > BACKLOG_BYTES) this.#socket.pause();
      return;
    }
    this.#corked = "";
    const used = this.#parser.push(bytes);
    const corked = this.#corked;
    this.#corked = undefined;
    if (corked) this.write(corked);
    if (this.#closing) return this.#socket.end();
    if (used < bytes.length) this.onData(bytes.subarray(used));
    else if (this.#peerEnded && !this.#busy && this.#pendingBytes === 0) this.#end();
  }

  #head(head: RequestHead): void {
    // The last answer has been given: what was pipelined behind it gets none.
    if (this.#closing) return;
    this.request = head;
    this.keepAlive = keepsAlive(head);
    this.#busy = true;
    this.#reading = true;
    this.#parts.onRequest(this);
    if (this.#busy) this.#parser.pauseAfterMessage();
  }

  #complete(trailers: readonly Field[]): void {
    this.#reading = false;
    this.onBodyEnd?.(trailers);
    // What comes behind this message waits for its answer.
    if (this.#busy) this.#parser.pauseAfterMessage();
  }

  #deviation(found: Deviation): void {
    if (!this.#parser.failed || this.#closing) return;
    if (this.#busy && this.onBodyRefused) return this.onBodyRefused(found);
    // A refusal inside an answer that is under way would be taken for a part of it.
    if (this.#busy) return this.abort();
    this.keepAlive = false;
    // The request has its answer; a second one would be taken for the next request's.
    if (this.#reading) return this.finish();
    this.answer(this.#parts.refuse(found));
  }

  answer(message: string | Uint8Array): void {
    if (typeof message === "string" && this.#corked !== undefined) this.#corked += message;
    else this.write(message);
    this.finish();
  }

  write(part: string | Uint8Array): boolean {
    this.#uncork();
    return this.#taken(this.#socket.write(part));
  }

  begin(head: string, piece: Uint8Array): boolean {
    this.#uncork();
    return this.#taken(this.#socket.writeBoth(head, piece));
  }

  #taken(taken: boolean): boolean {
    if (!taken) this.#blocked = true;
    return taken;
  }

  /** The client has caught up. */
  drained(): void {
    this.#blocked = false;
    if (this.#busy) this.onDrain?.();
    else if (!this.#closing) this.#next();
  }

  /** What was held back for sending together goes first. */
  #uncork(): void {
    if (!this.#corked) return;
    this.#socket.write(this.#corked);
    this.#corked = "";
  }

  finish(): void {
    this.#busy = false;
    this.onDrain = undefined;
    this.onGone = undefined;
    this.onBody = undefined;
    this.onBodyEnd = undefined;
    this.onBodyRefused = undefined;
    this.resumeBody();
    if (!this.keepAlive) return this.#end();
    if (this.#corked === undefined && !this.#blocked) this.#next();
  }

  /** Takes what came while an answer was under way. */
  #next(): void {
    if (this.#pendingBytes === 0) {
      if (this.#peerEnded) this.#end();
      return;
    }
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    if (this.#pendingBytes > BACKLOG_BYTES) this.#socket.resume();
    this.#pendingBytes = 0;
    this.onData(bytes);
  }

  #end(): void {
    this.#closing = true;
    // Inside a push the end is sent after the corked answers.
    if (this.#corked === undefined) this.#socket.end();
  }

  abort(): void {
    this.#closing = true;
    // A clean end would be the end of an answer that only a close ends.
    if (this.#busy) this.#socket.reset();
    else this.#socket.destroy();
    this.#busy = false;
  }

  onEnd(): void {
    this.#peerEnded = true;
    if (!this.#busy) {
      // What it asked for before has to wait until it takes what it was answered.
      if (this.#pendingBytes === 0) this.#end();
    } // A body that somebody waits for will not become whole.
    else if (this.#reading && this.onBodyRefused) this.#parser.end();
  }

  onIdle(): void {
    // A long answer to a slow reader is traffic; only a peer that takes nothing gets here.
    this.abort();
  }

  onClose(): void {
    this.#closing = true;
    this.#gone(this);
    this.onGone?.();
  }
}
