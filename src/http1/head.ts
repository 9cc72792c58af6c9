/** Reads a start line and field lines into a head, naming every deviation. Source: RFC 9112. */
import type {
  Deviation,
  DeviationCode,
  Field,
  Framing,
  RequestHead,
  ResponseHead,
  Severity,
} from "./message.ts";
import { fieldValues } from "./message.ts";

export type Report = (deviation: Deviation) => void;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TARGET = /^[\x21-\x7e]+$/;
const VERSION = /^HTTP\/(\d)\.(\d)$/;
/** By far the most frequent, so that it has no search of its own. */
const HTTP_1_1: readonly [number, number] = [1, 1];
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const REASON = FIELD_VALUE;

/** RFC 9110, section 5.5: nothing that could end a line or drive a terminal. */
export function isFieldValue(text: string): boolean {
  return FIELD_VALUE.test(text);
}

const STATUS_LINE = /^HTTP\/(\d)\.(\d) ([1-9]\d\d)(?: (.*))?$/s;

const NO_BODY: Framing = { kind: "none" };

export interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly minor: number;
}

export interface StatusLine {
  readonly minor: number;
  readonly status: number;
  readonly reason: string;
}

export function deviation(
  code: DeviationCode,
  severity: Severity,
  detail: string,
  status: Deviation["status"] = 400,
): Deviation {
  return { code, severity, status, detail };
}

/** `method SP request-target SP HTTP-version`; undefined where nothing can be made of it. */
export function readRequestLine(line: string, report: Report): RequestLine | undefined {
  const first = line.indexOf(" ");
  const last = line.lastIndexOf(" ");
  if (first < 0 || first === last) {
    report(deviation("bad-request-line", "fatal", "not `METHOD TARGET HTTP/1.1`"));
    return undefined;
  }
  const method = line.slice(0, first);
  const target = line.slice(first + 1, last);
  const version = line.slice(last + 1);
  const [major, minor] = readVersion(version);
  if (major === undefined) {
    report(deviation("bad-version", "fatal", "the version is not HTTP/digit.digit"));
    return undefined;
  }
  if (major !== 1) {
    report(deviation("unsupported-version", "fatal", "not a version of HTTP/1", 505));
    return undefined;
  }
  if (!TOKEN.test(method)) {
    report(deviation("bad-method", "fatal", "the method is not a token"));
    return undefined;
  }
  if (!TARGET.test(target)) {
    // Bytes above 127 have one plausible meaning; spaces and control characters have none.
    const severity = /^[\x21-\x7e\x80-\xff]+$/.test(target) ? "bad" : "fatal";
    report(deviation("bad-target", severity, "the target holds more than visible ASCII"));
    if (severity === "fatal") return undefined;
  }
  return { method, target, minor };
}

/** Major and minor of `HTTP/digit.digit`; no major for anything else. */
function readVersion(version: string): readonly [major: number | undefined, minor: number] {
  if (version === "HTTP/1.1") return HTTP_1_1;
  const match = VERSION.exec(version);
  return match ? [Number(match[1]), Number(match[2])] : [undefined, 0];
}

/** `HTTP-version SP status-code SP [reason-phrase]`. */
export function readStatusLine(line: string, report: Report): StatusLine | undefined {
  const match = STATUS_LINE.exec(line);
  if (!match) {
    report(deviation("bad-status-line", "fatal", "not `HTTP/1.1 CODE REASON`"));
    return undefined;
  }
  if (match[1] !== "1") {
    report(deviation("unsupported-version", "fatal", "not a version of HTTP/1", 505));
    return undefined;
  }
  const reason = match[4];
  if (reason === undefined) {
    report(deviation("bad-status-line", "bad", "no space after the status code"));
  } else if (!REASON.test(reason)) {
    report(deviation("bad-reason", "bad", "the reason holds control characters"));
  }
  return { minor: Number(match[2]), status: Number(match[3]), reason: reason ?? "" };
}

/** `name: value`. A lenient reader keeps what has one meaning; undefined drops the line. */
export function readField(line: string, report: Report): Field | undefined {
  const colon = line.indexOf(":");
  if (colon < 0) {
    report(deviation("bad-field-name", "bad", "a field line without a colon"));
    return undefined;
  }
  let name = line.slice(0, colon);
  const value = trimWhitespace(line.slice(colon + 1));
  if (!TOKEN.test(name)) {
    const trimmed = trimWhitespace(name);
    if (trimmed !== name && TOKEN.test(trimmed)) {
      report(
        deviation("space-before-colon", "bad", `white space between "${trimmed}" and its colon`),
      );
      name = trimmed;
    } else {
      report(deviation("bad-field-name", "bad", "a field name that is not a token"));
      return undefined;
    }
  }
  if (!FIELD_VALUE.test(value)) {
    report(deviation("bad-field-value", "bad", `control characters in the value of ${name}`));
  }
  return { name, value };
}

/**
 * Without the optional white space around it: spaces and tabs only, RFC 9110, section 5.6.3.
 * String's own trim takes a no-break space too, and would see a framing that others do not.
 */
function trimWhitespace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** RFC 9112, section 3.2: exactly one Host in HTTP/1.1. */
export function checkHost(minor: number, fields: readonly Field[], report: Report): void {
  let hosts = 0;
  for (const field of fields) {
    if (field.name.length === 4 && field.name.toLowerCase() === "host") hosts++;
  }
  if (hosts === 0 && minor >= 1) {
    report(deviation("missing-host", "bad", "an HTTP/1.1 request without Host"));
  }
  if (hosts > 1) report(deviation("repeated-host", "bad", `${hosts} Host fields`));
}

/** RFC 9112, section 6.3, for a request. */
export function requestFraming(
  minor: number,
  fields: readonly Field[],
  report: Report,
): Framing {
  return framing(minor, fields, report) ?? NO_BODY;
}

/** RFC 9112, section 6.3, for a response; `bodiless` for the answer to a HEAD. */
export function responseFraming(
  line: StatusLine,
  fields: readonly Field[],
  bodiless: boolean,
  report: Report,
): Framing {
  const { status } = line;
  if (bodiless || status < 200 || status === 204 || status === 304) return NO_BODY;
  return framing(line.minor, fields, report) ?? { kind: "close" };
}

function framing(minor: number, fields: readonly Field[], report: Report): Framing | undefined {
  let framed = false;
  for (const { name } of fields) {
    if (name.length === 14 || name.length === 17) framed = true;
  }
  if (!framed) return undefined;
  const encodings = fieldValues(fields, "transfer-encoding");
  const lengths = fieldValues(fields, "content-length");
  if (encodings.length > 0) {
    if (lengths.length > 0) {
      report(deviation("length-and-encoding", "bad", "Content-Length beside Transfer-Encoding"));
    }
    if (minor === 0) {
      report(deviation("encoding-in-1.0", "bad", "Transfer-Encoding in an HTTP/1.0 message"));
    }
    return encodedFraming(encodings.join(","), report);
  }
  if (lengths.length === 0) return undefined;
  return lengthFraming(lengths, report);
}

function encodedFraming(list: string, report: Report): Framing {
  const codings = list.split(",").map((coding) => trimWhitespace(coding).toLowerCase()).filter(
    Boolean,
  );
  if (codings.length === 1 && codings[0] === "chunked") return { kind: "chunked" };
  if (codings.indexOf("chunked") !== codings.length - 1) {
    report(deviation("chunked-not-last", "fatal", "chunked is not the last coding"));
  } else {
    report(deviation("unknown-encoding", "fatal", "a transfer coding other than chunked", 501));
  }
  return { kind: "close" };
}

function lengthFraming(values: readonly string[], report: Report): Framing {
  const parts = values.flatMap((value) => value.split(",")).map(trimWhitespace);
  const first = parts[0] as string;
  if (parts.some((part) => part !== first)) {
    report(deviation("conflicting-content-length", "fatal", "Content-Length with two values"));
    return { kind: "close" };
  }
  if (!/^\d{1,15}$/.test(first)) {
    report(deviation("bad-content-length", "fatal", "Content-Length is not a number of bytes"));
    return { kind: "close" };
  }
  if (parts.length > 1) {
    report(deviation("repeated-content-length", "bad", "Content-Length given more than once"));
  }
  return { kind: "length", length: Number(first) };
}

export function requestHead(
  { method, target, minor }: RequestLine,
  fields: readonly Field[],
  report: Report,
): RequestHead {
  checkHost(minor, fields, report);
  const framed = requestFraming(minor, fields, report);
  return { kind: "request", method, target, minor, fields, framing: framed };
}

export function responseHead(
  line: StatusLine,
  fields: readonly Field[],
  bodiless: boolean,
  report: Report,
): ResponseHead {
  const framed = responseFraming(line, fields, bodiless, report);
  return { kind: "response", ...line, fields, framing: framed };
}
