/**
 * A strict reader of HTTP/1.1, for what a proxy sent: it takes only what RFC 9112 lets a sender
 * write, so that whatever it takes has one meaning. It shares nothing with the parser of the
 * reference, whose faults it has to see.
 */
import type { Field } from "../../src/http1/mod.ts";
import { latin1 } from "../engine/bytes.ts";

/** A message; strings are Latin-1, a character a byte. */
export interface WireMessage {
  readonly startLine: string;
  readonly fields: readonly Field[];
  /** Without its framing; what has come of it where it is not whole. */
  readonly body: string;
  readonly framing: "none" | "length" | "chunked" | "close";
  /** Its end has come. Where only a close can end it: the connection was closed. */
  readonly whole: boolean;
}

export interface WireReading {
  readonly messages: readonly WireMessage[];
  /** Why what follows them is no message, in words. */
  readonly deviation?: string;
  /** After which byte. */
  readonly deviatesAt?: number;
}

/** How a side reads: what differs between requests and responses. */
export interface Reader {
  /** Undefined for a right start line, else what is wrong with it. */
  startLine(line: string): string | undefined;
  /** What is wrong with the head besides its framing. */
  head(startLine: string, fields: readonly Field[]): string | undefined;
  /** A message with this start line has no body, whatever its fields say. */
  bodiless(startLine: string): boolean;
  /** What ends a body that no field frames. */
  readonly unframed: "none" | "close";
  /** Takes lines that end in LF alone. */
  readonly bareLf: boolean;
  /** The peer has said that no more will come. */
  readonly closed: boolean;
}

/** All messages in these bytes. */
export function readWire(bytes: Uint8Array, reader: Reader): WireReading {
  const text = latin1(bytes);
  const messages: WireMessage[] = [];
  try {
    for (let at = 0; at < text.length;) {
      const cursor = new Cursor(text, at, reader.bareLf);
      const message = readMessage(cursor, reader);
      if (!message) break;
      messages.push(message);
      at = cursor.at;
    }
  } catch (error) {
    if (!(error instanceof WireDeviation)) throw error;
    return { messages, deviation: error.message, deviatesAt: error.at };
  }
  return { messages };
}

class WireDeviation extends Error {
  readonly at: number;

  constructor(what: string, at: number) {
    super(what);
    this.at = at;
  }
}

/** What is there ends before the message does. */
class WireEnd extends Error {}

class Cursor {
  readonly text: string;
  readonly #bareLf: boolean;
  at: number;

  constructor(text: string, at: number, bareLf: boolean) {
    this.text = text;
    this.at = at;
    this.#bareLf = bareLf;
  }

  line(): string {
    const newline = this.text.indexOf("\n", this.at);
    if (newline < 0) throw new WireEnd();
    const crlf = newline > this.at && this.text[newline - 1] === "\r";
    if (!crlf && !this.#bareLf) this.fail("a line that ends in LF without CR");
    const line = this.text.slice(this.at, crlf ? newline - 1 : newline);
    // Some readers end a line there; other control characters are odd, and end none.
    if (line.includes("\r")) this.fail("a CR inside a line");
    this.at = newline + 1;
    return line;
  }

  fail(what: string): never {
    throw new WireDeviation(what, this.at);
  }
}

function readMessage(cursor: Cursor, reader: Reader): WireMessage | undefined {
  // Old clients send one after a body, and every server skips it: RFC 9112, section 2.2.
  if (cursor.text.startsWith("\r\n", cursor.at)) cursor.at += 2;
  let head: { startLine: string; fields: Field[]; framing: Framing } | undefined;
  const body: string[] = [];
  let whole = true;
  try {
    const startLine = cursor.line();
    const wrong = reader.startLine(startLine);
    if (wrong) cursor.fail(wrong);
    const fields = readFields(cursor);
    const oddHead = reader.head(startLine, fields);
    if (oddHead) cursor.fail(oddHead);
    const framing = framingOf(startLine, fields, reader, cursor);
    head = { startLine, fields, framing };
    readBody(cursor, framing, body);
    if (framing.kind === "close") whole = reader.closed;
  } catch (error) {
    if (!(error instanceof WireEnd)) throw error;
    whole = false;
    cursor.at = cursor.text.length;
  }
  if (!head) return undefined;
  const { startLine, fields, framing } = head;
  return { startLine, fields, framing: framing.kind, body: body.join(""), whole };
}

const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[\t ]*(.*?)[\t ]*$/;

/** A name that is no token, though nobody is in doubt where it begins and where it ends. */
const ODD_FIELD = /^([!-9;-\xff](?:[ -9;-\xff]*[!-9;-\xff])?):[\t ]*(.*?)[\t ]*$/;

/** Some readers drop what is no letter; then it would frame the message, or route it. */
function looksMeant(name: string): boolean {
  return /^(?:contentlength|transferencoding|connection|host)$/i.test(name.replace(/[^a-z]/gi, ""));
}

function readFields(cursor: Cursor): Field[] {
  const fields: Field[] = [];
  for (let line = cursor.line(); line !== ""; line = cursor.line()) {
    const field = FIELD.exec(line) ?? ODD_FIELD.exec(line);
    const [, name = "", value = ""] = field ?? [];
    if (!field || (!FIELD.test(line) && looksMeant(name))) {
      cursor.fail(/^[\t ]/.test(line) ? "a folded field" : "a line that is no field");
    }
    fields.push({ name, value });
  }
  return fields;
}

type Framing =
  | { readonly kind: "none" | "chunked" | "close" }
  | { readonly kind: "length"; readonly length: number };

function framingOf(
  startLine: string,
  fields: readonly Field[],
  reader: Reader,
  cursor: Cursor,
): Framing {
  const valuesOf = (name: string) =>
    fields.filter((field) => field.name.toLowerCase() === name).map(({ value }) => value);
  const encodings = valuesOf("transfer-encoding");
  const lengths = valuesOf("content-length");
  if (encodings.length > 0 && lengths.length > 0) {
    cursor.fail("Content-Length beside Transfer-Encoding");
  }
  if (lengths.length > 1) cursor.fail("Content-Length twice");
  if (encodings.length > 1) cursor.fail("Transfer-Encoding twice");
  const [length] = lengths;
  if (length !== undefined && !/^\d{1,15}$/.test(length)) {
    cursor.fail("a Content-Length that is no number of bytes");
  }
  const [encoding] = encodings;
  if (encoding !== undefined && !/^(?:(?!chunked)[a-z-]+, ?)*chunked$/i.test(encoding)) {
    cursor.fail("a Transfer-Encoding that does not end in one chunked");
  }
  if (encoding !== undefined && startLine.includes("HTTP/1.0")) {
    cursor.fail("Transfer-Encoding in HTTP/1.0");
  }
  if (reader.bodiless(startLine)) return { kind: "none" };
  if (encoding !== undefined) return { kind: "chunked" };
  if (length === undefined) return { kind: reader.unframed };
  return { kind: "length", length: Number(length) };
}

function readBody(cursor: Cursor, framing: Framing, into: string[]): void {
  if (framing.kind === "length") take(cursor, framing.length, into);
  if (framing.kind === "close") take(cursor, cursor.text.length - cursor.at, into);
  if (framing.kind !== "chunked") return;
  for (;;) {
    const size = /^([0-9a-fA-F]{1,13})(?:[\t ]*;.*)?$/.exec(cursor.line())?.[1];
    if (size === undefined) cursor.fail("a chunk size that is not hexadecimal");
    const length = parseInt(size, 16);
    if (length === 0) break;
    take(cursor, length, into);
    const end = cursor.text.slice(cursor.at, cursor.at + 2);
    if (!"\r\n".startsWith(end)) cursor.fail("chunk data that its size does not fit");
    if (end !== "\r\n") throw new WireEnd();
    cursor.at += 2;
  }
  readFields(cursor);
}

function take(cursor: Cursor, length: number, into: string[]): void {
  const part = cursor.text.slice(cursor.at, cursor.at + length);
  into.push(part);
  cursor.at += part.length;
  if (part.length < length) throw new WireEnd();
}
