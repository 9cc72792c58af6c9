/** Rows of rule proxy.proxy.no-smuggling: a message that could be read in two ways, as data. */

export interface Row {
  /** By what it is known within its rule. */
  readonly variant: string;
  readonly title: string;
  readonly source: string;
}

/** Rows that are one case: the proxy is started once for all of them. */
export interface Family<R extends Row> {
  /** The case's id is `proxy.proxy.no-smuggling/NAME`. */
  readonly name: string;
  readonly title: string;
  readonly rows: readonly R[];
  /** Each row has a proxy of its own, since a server records no more than so many bytes. */
  readonly alone?: true;
}

/** A request as the server may get it. */
export interface Forwarded {
  readonly method: string;
  /** The path, or what it has to look like where a proxy may write it in its own way. */
  readonly target: string | RegExp;
  /** Latin-1; a GET's may be left out by a proxy. */
  readonly body?: string;
}

export interface RequestRow extends Row {
  /** What the client sends, Latin-1; then it says no more, and in the end it closes. */
  readonly bytes: string;
  /** In segments of one byte. */
  readonly byteByByte?: true;
  /**
   * What the server may get: one of these, all or some of its messages. None where the message has no
   * safe meaning: then it must be refused. A refusal is right in each row.
   */
  readonly readings: readonly (readonly Forwarded[])[];
  /** The server answers as soon as the head is there. */
  readonly answersEarly?: true;
  /** The server takes up an offer to change the protocol. */
  readonly upgrades?: true;
}

/** An answer as the client may get it. */
export interface Answered {
  readonly status: number;
  /** Latin-1. */
  readonly body: string;
}

export interface AnswerRow extends Row {
  /** `GET /victim` in HTTP/1.1 where it is not said. */
  readonly bytes?: string;
  /** What the server answers, Latin-1. */
  readonly answer: string;
  /** The server closes after its answer. */
  readonly closes?: true;
  /** What the server sends on the idle connection once the client has its answer. */
  readonly late?: string;
  /** What the client may get; none where it must not get an answer with content from the server. */
  readonly readings: readonly Answered[];
  /** What of a body may have passed before its fault was seen; nothing by default. */
  readonly partial?: string;
}

export const HOST = "Host: proxy.example";

/** The request that nobody but an attacker sent. */
export const HIDDEN = `GET /smuggled HTTP/1.1\r\n${HOST}\r\n\r\n`;
export const HIDDEN_MESSAGE: Forwarded = { method: "GET", target: "/smuggled" };

/** In no answer to anybody. */
export const POISON_MARK = "[poison]";
export const POISON =
  `HTTP/1.1 200 OK\r\nContent-Length: ${POISON_MARK.length}\r\n\r\n${POISON_MARK}`;

/** The beginning of an HTTP/2 connection: nothing that reads HTTP/1.1 goes on after it. */
export const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/** What a proxy may take its first line for, if it writes it in a version of its own. */
export const PREFACE_MESSAGE: Forwarded = { method: "PRI", target: "*" };

export function post(fields: readonly string[], body: string): string {
  return `${["POST /row HTTP/1.1", HOST, ...fields].join("\r\n")}\r\n\r\n${body}`;
}

export function get(fields: readonly string[], after = ""): string {
  return `${["GET /row HTTP/1.1", HOST, ...fields].join("\r\n")}\r\n\r\n${after}`;
}

export function posted(body: string): Forwarded {
  return { method: "POST", target: "/row", body };
}

export const GOT: Forwarded = { method: "GET", target: "/row" };

/** One chunk, and the last. */
export function chunked(content: string): string {
  return `${content.length.toString(16)}\r\n${content}\r\n0\r\n\r\n`;
}

export const CHUNKED = "Transfer-Encoding: chunked";

export function length(of: string | number): string {
  return `Content-Length: ${typeof of === "string" ? of.length : of}`;
}
