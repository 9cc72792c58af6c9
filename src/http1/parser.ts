/**
 * An incremental HTTP/1.1 parser: whatever way the bytes are split, the same events come out. It
 * never throws on what the wire brings; deviations from RFC 9112 are events, so that a server can
 * refuse with the right status and a judge can name them.
 */
import { Buffer } from "node:buffer";
import {
  deviation,
  isFieldValue,
  readField,
  readRequestLine,
  readStatusLine,
  requestHead,
  responseHead,
} from "./head.ts";
import type { RequestLine, StatusLine } from "./head.ts";
import { DEFAULT_LIMITS } from "./message.ts";
import type { Deviation, Field, Head, Limits } from "./message.ts";

export interface ParserHandler<H extends Head> {
  onHead(head: H): void;
  /** A piece of the body: a part of the bytes that were pushed, not a copy. */
  onData?(bytes: Uint8Array): void;
  /** The message is whole; `trailers` of a chunked one. */
  onComplete?(trailers: readonly Field[]): void;
  /** After one that the parser does not go on from, nothing more comes. */
  onDeviation?(found: Deviation): void;
}

export interface ParserOptions {
  readonly kind: "request" | "response";
  /** Refuse all that RFC 9112 does not let a recipient accept; otherwise only what has no meaning. */
  readonly strict: boolean;
  readonly limits?: Limits;
  /** For responses: the next one answers a HEAD, so that it has no body. */
  readonly bodiless?: boolean;
}

type State =
  | "start-line"
  | "fields"
  | "length-body"
  | "close-body"
  | "chunk-size"
  | "chunk-data"
  | "chunk-end"
  | "trailers"
  /** Told to stop after a message: the rest is kept by the caller. */
  | "done"
  | "failed";

const LF = 0x0a;
const CR = 0x0d;

/** Decoded at once: more than most heads have, and decoding line by line costs a call for each. */
const WINDOW_BYTES = 1024;

/** The last head without a deviation: peers send the same ones, or the same fields, again and again. */
interface Remembered {
  readonly bytes: Buffer;
  /** The field lines with the empty one. */
  readonly block: string;
  readonly bodiless: boolean;
  readonly head: Head;
}

const NO_TRAILERS: readonly Field[] = [];

export class Parser<H extends Head> {
  readonly #handler: ParserHandler<H>;
  readonly #request: boolean;
  readonly #strict: boolean;
  readonly #limits: Limits;
  /** Set before the head of a response arrives when it answers a HEAD. */
  bodiless: boolean;
  #state: State = "start-line";
  /** The beginning of a line whose end has not come. */
  #partial = "";
  #headBytes = 0;
  /** Of these, those of the start line and of empty ones before it. */
  #lineBytes = 0;
  #line: RequestLine | StatusLine | undefined;
  #fields: Field[] = [];
  #trailers: Field[] | undefined;
  /** Some of the bytes being pushed, decoded, and where among them it stands. */
  #window = "";
  #windowStart = 0;
  /** Bytes of the body or chunk still to come. */
  #remaining = 0;
  #emptyLines = 0;
  #stop = false;
  /** Where the field lines of this head begin in the window; -1 where they are not all in it. */
  #blockStart = -1;
  /** The bytes being pushed, and where this message begins in them; -1 where it began before. */
  #pushed: Uint8Array | undefined;
  #messageStart = -1;
  #last: Remembered | undefined;
  #flawless = true;
  readonly #report = (found: Deviation) => this.#deviate(found);

  constructor(options: ParserOptions, handler: ParserHandler<H>) {
    this.#handler = handler;
    this.#request = options.kind === "request";
    this.#strict = options.strict;
    this.#limits = options.limits ?? DEFAULT_LIMITS;
    this.bodiless = options.bodiless ?? false;
  }

  /** Nothing of a message has come yet. */
  get idle(): boolean {
    return this.#state === "start-line" && this.#partial === "" && this.#headBytes === 0;
  }

  get failed(): boolean {
    return this.#state === "failed";
  }

  /** Called from within an event: take no further message from this push. */
  pauseAfterMessage(): void {
    this.#stop = true;
  }

  /** Takes bytes; returns how many were used, fewer than given only after `pauseAfterMessage`. */
  push(bytes: Uint8Array): number {
    this.#stop = false;
    this.#window = "";
    this.#pushed = bytes;
    this.#messageStart = -1;
    let at = 0;
    const end = bytes.length;
    while (at < end) {
      switch (this.#state) {
        case "failed":
          return end;
        case "length-body":
        case "chunk-data":
          at = this.#body(bytes, at);
          break;
        case "close-body":
          this.#handler.onData?.(bytes.subarray(at));
          return end;
        case "start-line":
          at = this.#repeatHead(bytes, at) ?? this.#takeLine(bytes, at);
          break;
        default:
          at = this.#takeLine(bytes, at);
      }
      if (this.#stop && this.#state === "start-line") return at;
    }
    return end;
  }

  /** The peer will send nothing more. */
  end(): void {
    if (this.#state === "failed" || this.idle) return;
    if (this.#state === "close-body") return this.#complete();
    if (this.#state === "start-line" && this.#partial === "" && this.#line === undefined) return;
    this.#deviate(deviation("truncated", "fatal", "the connection ended inside a message"));
  }

  #body(bytes: Uint8Array, at: number): number {
    const take = Math.min(this.#remaining, bytes.length - at);
    this.#remaining -= take;
    this.#handler.onData?.(bytes.subarray(at, at + take));
    if (this.#remaining === 0) {
      if (this.#state === "length-body") this.#complete();
      else this.#state = "chunk-end";
    }
    return at + take;
  }

  #takeLine(bytes: Uint8Array, at: number): number {
    const whole = this.#partial === "" ? this.#lineInWindow(bytes, at) : undefined;
    if (whole !== undefined) {
      const next = at + whole.length + 1;
      const state = this.#state;
      if (!this.#endLine(whole)) return bytes.length;
      if (state !== "start-line" || this.#state !== "fields") return next;
      this.#blockStart = next - this.#windowStart;
      return this.#repeatFields(next);
    }
    this.#blockStart = -1;
    const newline = bytes.indexOf(LF, at);
    const stop = newline < 0 ? bytes.length : newline;
    const length = this.#partial.length + stop - at;
    // A CR before the LF is not part of the line, and may come alone at the end of a piece.
    const last = stop > at ? bytes[stop - 1] : this.#partial.charCodeAt(this.#partial.length - 1);
    const content = last === CR ? length - 1 : length;
    if (content > this.#limits.lineBytes) {
      const status = this.#state === "start-line" && this.#request ? 414 : 431;
      const detail = `a line of more than ${this.#limits.lineBytes} bytes`;
      this.#fail(deviation("line-too-long", "fatal", detail, status));
      return bytes.length;
    }
    const text = latin1(bytes, at, stop);
    if (newline < 0) {
      this.#partial += text;
      return stop;
    }
    const line = this.#partial + text;
    this.#partial = "";
    return this.#endLine(line) ? newline + 1 : bytes.length;
  }

  /** Takes the whole head before, where the same comes again; returns where it ends. */
  #repeatHead(bytes: Uint8Array, at: number): number | undefined {
    if (this.#partial !== "" || this.#headBytes > 0 || this.#emptyLines > 0) return undefined;
    this.#messageStart = at;
    const last = this.#last;
    if (!last || last.bodiless !== this.bodiless) return undefined;
    const end = at + last.bytes.length;
    if (end > bytes.length || !sameBytes(last.bytes, bytes, at, end)) return undefined;
    this.#useHead(last.head);
    return end;
  }

  /** Takes the field lines of the head before, where the same come again; returns where they end. */
  #repeatFields(at: number): number {
    const last = this.#last;
    if (!last || !this.#window.startsWith(last.block, this.#blockStart)) return at;
    const line = this.#line as RequestLine & StatusLine;
    const { head } = last;
    if (line.minor !== head.minor || last.bodiless !== this.bodiless) return at;
    // Where the body ends depends on the status too, and on nothing else.
    if (head.kind === "response" && line.status !== head.status) return at;
    this.#headBytes += last.block.length;
    if (this.#headBytes > this.#limits.headBytes) return at;
    const { fields, framing } = head;
    this.#useHead(
      head.kind === "request"
        ? {
          kind: "request",
          method: line.method,
          target: line.target,
          minor: line.minor,
          fields,
          framing,
        }
        : {
          kind: "response",
          minor: line.minor,
          status: line.status,
          reason: line.reason,
          fields,
          framing,
        },
    );
    return at + last.block.length;
  }

  /** The line at a place, without its LF; undefined where a closer look is needed. */
  #lineInWindow(bytes: Uint8Array, at: number): string | undefined {
    if (this.#window === "" || at >= this.#windowStart + this.#window.length) {
      this.#window = latin1(bytes, at, Math.min(bytes.length, at + WINDOW_BYTES));
      this.#windowStart = at;
      this.#blockStart = -1;
    }
    const start = at - this.#windowStart;
    const newline = this.#window.indexOf("\n", start);
    if (newline < 0 || newline - start > this.#limits.lineBytes) return undefined;
    return this.#window.slice(start, newline);
  }

  /** Takes a line without its LF; false where the parser goes no further. */
  #endLine(ended: string): boolean {
    this.#headBytes += ended.length + 1;
    if (this.#headBytes > this.#limits.headBytes && this.#state !== "chunk-size") {
      const detail = `a head of more than ${this.#limits.headBytes} bytes`;
      this.#fail(deviation("head-too-large", "fatal", detail, 431));
      return false;
    }
    let line = ended;
    if (line.charCodeAt(line.length - 1) === CR) line = line.slice(0, -1);
    else this.#deviate(deviation("bare-lf", "bad", "a line that ends in LF without CR"));
    if (line.includes("\r")) this.#deviate(deviation("bare-cr", "fatal", "a CR inside a line"));
    if (!this.failed) this.#useLine(line);
    return true;
  }

  #useLine(line: string): void {
    switch (this.#state) {
      case "start-line":
        return this.#startLine(line);
      case "fields":
        return line === "" ? this.#head() : this.#field(line, this.#fields);
      case "trailers":
        return line === "" ? this.#complete() : this.#field(line, this.#trailers ??= []);
      case "chunk-size":
        return this.#chunkSize(line);
      case "chunk-end":
        if (line !== "") {
          return this.#deviate(
            deviation("bad-chunk-end", "fatal", "chunk data longer than its size"),
          );
        }
        this.#state = "chunk-size";
    }
  }

  #startLine(line: string): void {
    if (line === "" && this.#request && this.#emptyLines < 2) {
      this.#emptyLines++;
      this.#headBytes = 0;
      this.#deviate(
        deviation("leading-empty-line", "tolerated", "an empty line before the request"),
      );
      return;
    }
    this.#lineBytes = this.#headBytes;
    this.#line = this.#request
      ? readRequestLine(line, this.#report)
      : readStatusLine(line, this.#report);
    if (!this.failed) this.#state = "fields";
  }

  #field(line: string, into: Field[]): void {
    const code = line.charCodeAt(0);
    if (code === 0x20 || code === 0x09) {
      this.#deviate(deviation("folded-field", "bad", "a field continued on the next line"));
      if (!isFieldValue(line)) {
        this.#deviate(deviation("bad-field-value", "bad", "control characters in a folded field"));
      }
      const previous = into.pop();
      if (previous) into.push({ name: previous.name, value: `${previous.value} ${line.trim()}` });
      return;
    }
    const field = readField(line, this.#report);
    if (field) into.push(field);
  }

  #head(): void {
    const head = this.#request
      ? requestHead(this.#line as RequestLine, this.#fields, this.#report)
      : responseHead(this.#line as StatusLine, this.#fields, this.bodiless, this.#report);
    if (this.failed) return;
    this.#fields = [];
    this.#remember(head);
    this.#useHead(head);
  }

  /** The empty line has just been taken: the block ends in it. */
  #remember(head: Head): void {
    if (this.#blockStart < 0 || this.#messageStart < 0 || !this.#flawless) return;
    const end = this.#blockStart + this.#headBytes - this.#lineBytes;
    const block = this.#window.slice(this.#blockStart, end);
    const all = this.#pushed as Uint8Array;
    // A copy, since they may be a small part of a large buffer.
    const bytes = Buffer.from(all.subarray(this.#messageStart, this.#windowStart + end));
    this.#last = { bytes, block, bodiless: this.bodiless, head };
  }

  #useHead(head: Head): void {
    const informational = head.kind === "response" && head.status < 200;
    this.#headBytes = 0;
    switch (head.framing.kind) {
      case "none":
        this.#state = "start-line";
        break;
      case "length":
        this.#remaining = head.framing.length;
        this.#state = "length-body";
        break;
      case "chunked":
        this.#state = "chunk-size";
        break;
      case "close":
        this.#state = "close-body";
    }
    const empty = head.framing.kind === "none" ||
      (head.framing.kind === "length" && head.framing.length === 0);
    this.#handler.onHead(head as H);
    if (empty && !informational) this.#complete();
    else if (informational) this.#reset();
  }

  #chunkSize(line: string): void {
    const match = /^([0-9a-fA-F]{1,12})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/.exec(line);
    if (!match) {
      return this.#deviate(
        deviation("bad-chunk-size", "fatal", "a chunk size that is not hexadecimal"),
      );
    }
    this.#headBytes = 0;
    this.#remaining = parseInt(match[1] as string, 16);
    this.#state = this.#remaining === 0 ? "trailers" : "chunk-data";
  }

  #complete(): void {
    const trailers = this.#trailers;
    this.#reset();
    this.#handler.onComplete?.(trailers ?? NO_TRAILERS);
  }

  #reset(): void {
    this.#state = "start-line";
    this.#flawless = true;
    this.#headBytes = 0;
    this.#emptyLines = 0;
    this.#line = undefined;
    this.#trailers = undefined;
  }

  #deviate(found: Deviation): void {
    if (this.failed) return;
    this.#flawless = false;
    const stops = found.severity === "fatal" || (this.#strict && found.severity === "bad");
    if (stops) this.#fail(found);
    else this.#handler.onDeviation?.(found);
  }

  #fail(found: Deviation): void {
    this.#state = "failed";
    this.#partial = "";
    this.#handler.onDeviation?.(found);
  }
}

/** The bytes as a Latin-1 string; Buffer's own is several times as fast as TextDecoder. */
function latin1(bytes: Uint8Array, start: number, end: number): string {
  return bufferOf(bytes).toString("latin1", start, end);
}

/** Whether the bytes from `start` to `end` are these. */
function sameBytes(expected: Buffer, bytes: Uint8Array, start: number, end: number): boolean {
  return bufferOf(bytes).compare(expected, 0, expected.length, start, end) === 0;
}

function bufferOf(bytes: Uint8Array): Buffer {
  if (bytes instanceof Buffer) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
