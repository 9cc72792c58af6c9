/** What an HTTP/1.1 message is made of, and what can be wrong with one. Source: RFC 9112. */

/** A field line as received; the name keeps its case, the value has no outer white space. */
export interface Field {
  readonly name: string;
  readonly value: string;
}

/** How far a deviation reaches. */
export type Severity =
  /** RFC 9112 lets a recipient accept it: a leading empty line. */
  | "tolerated"
  /** Has one plausible meaning, so that a lenient reader goes on; a strict one refuses. */
  | "bad"
  /** Has no safe meaning: nobody goes on. */
  | "fatal";

export type DeviationCode =
  | "leading-empty-line"
  | "bare-lf"
  | "bare-cr"
  | "bad-request-line"
  | "bad-status-line"
  | "bad-reason"
  | "bad-method"
  | "bad-target"
  | "bad-version"
  | "unsupported-version"
  | "bad-field-name"
  | "bad-field-value"
  | "space-before-colon"
  | "folded-field"
  | "missing-host"
  | "repeated-host"
  | "bad-content-length"
  | "repeated-content-length"
  | "conflicting-content-length"
  | "length-and-encoding"
  | "unknown-encoding"
  | "chunked-not-last"
  | "encoding-in-1.0"
  | "bad-chunk-size"
  | "bad-chunk-end"
  | "line-too-long"
  | "head-too-large"
  | "truncated";

/** One way in which a message departs from RFC 9112. */
export interface Deviation {
  readonly code: DeviationCode;
  readonly severity: Severity;
  /** The status that a server refuses such a request with. */
  readonly status: 400 | 414 | 431 | 501 | 505;
  readonly detail: string;
}

export interface RequestHead {
  readonly kind: "request";
  readonly method: string;
  readonly target: string;
  /** 0 for HTTP/1.0, 1 for HTTP/1.1 and later minors. */
  readonly minor: number;
  readonly fields: readonly Field[];
  readonly framing: Framing;
}

export interface ResponseHead {
  readonly kind: "response";
  readonly minor: number;
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly Field[];
  readonly framing: Framing;
}

export type Head = RequestHead | ResponseHead;

/** Where the body ends: RFC 9112, section 6.3. */
export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "close" };

/** Sizes in bytes beyond which a parser refuses. */
export interface Limits {
  /** The longest start line or field line. */
  readonly lineBytes: number;
  /** The longest head, or trailer section. */
  readonly headBytes: number;
}

export const DEFAULT_LIMITS: Limits = { lineBytes: 8192, headBytes: 65536 };

/** The value of a field, whatever its case; the first where it is repeated. */
export function fieldValue(fields: readonly Field[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const field of fields) {
    if (field.name.length === wanted.length && field.name.toLowerCase() === wanted) {
      return field.value;
    }
  }
  return undefined;
}

/** All values of a field, in order. */
export function fieldValues(fields: readonly Field[], name: string): string[] {
  const wanted = name.toLowerCase();
  return fields.filter((field) => field.name.toLowerCase() === wanted).map((field) => field.value);
}

/** Whether a list-valued field holds a token: `Connection: keep-alive, close`. */
export function hasToken(fields: readonly Field[], name: string, token: string): boolean {
  const wanted = name.toLowerCase();
  for (const field of fields) {
    if (field.name.length !== wanted.length || field.name.toLowerCase() !== wanted) continue;
    const parts = field.value.split(",");
    if (parts.some((part) => part.trim().toLowerCase() === token)) return true;
  }
  return false;
}

/** Whether the connection stays open after this message: RFC 9112, section 9.3. */
export function keepsAlive(head: Head): boolean {
  if (head.framing.kind === "close") return false;
  if (hasToken(head.fields, "connection", "close")) return false;
  return head.minor >= 1 || hasToken(head.fields, "connection", "keep-alive");
}

/** An error of this package: a message that cannot be written or read. */
export class Http1Error extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "Http1Error";
    this.code = code;
  }
}
