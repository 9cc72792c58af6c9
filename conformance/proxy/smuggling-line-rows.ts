/** Requests with odd lines: the request line, names, ends of lines, Host. */
import {
  get,
  GOT,
  HIDDEN,
  HIDDEN_MESSAGE,
  HOST,
  length,
  PREFACE,
  PREFACE_MESSAGE,
} from "./smuggling-row.ts";
import type { Family, Forwarded, RequestRow } from "./smuggling-row.ts";

const ENDS = "RFC 9112, section 2.2: LF may be taken as the end of a line";
const REQUEST_LINE = "RFC 9112, section 3: the request line";
const VERSION = "RFC 9112, section 2.3: the version is HTTP/, a digit, a point, a digit";
const NAME = "RFC 9110, section 5.1: a name is a token";
const HOSTS = "RFC 9112, section 3.2: one Host";

/** A target that a proxy has to write in some way of its own. */
const ANY_ROW: Forwarded = { method: "GET", target: /^\/row/ };

type Line = readonly [
  variant: string,
  title: string,
  source: string,
  bytes: string,
  readings?: readonly (readonly Forwarded[])[],
];

const plain = get([]);
const withLine = (line: string) => plain.replace("GET /row HTTP/1.1", line);
const withHost = (...lines: string[]) => plain.replace(HOST, lines.join("\r\n"));

const LINES: readonly Line[] = [
  ["lf-lines", "all lines end in LF alone", ENDS, plain.replaceAll("\r\n", "\n")],
  [
    "lf-lf-end",
    "a head that ends in LF LF, and a request after it",
    ENDS,
    `${get(["X-Odd: a"]).slice(0, -4)}\n\n${HIDDEN}`,
    [[GOT, HIDDEN_MESSAGE]],
  ],
  [
    "crlf-lf-end",
    "a head that ends in CR LF LF, and a request after it",
    ENDS,
    `${get(["X-Odd: a"]).slice(0, -2)}\n${HIDDEN}`,
    [[GOT, HIDDEN_MESSAGE]],
  ],
  [
    "cr-cr-end",
    "CR CR where a head might end, and a request after it",
    "RFC 9112, section 2.2: refused, or the CR replaced by a space",
    `${get(["X-Odd: a"]).slice(0, -4)}\r\r${HIDDEN}`,
  ],
  [
    "bare-cr",
    "a bare CR in a value",
    "RFC 9112, section 2.2: refused, or the CR replaced by a space",
    get(["X-Odd: a\rb"]),
  ],
  [
    "nul",
    "NUL in a value",
    "RFC 9110, section 5.5: refused, or the NUL replaced by a space",
    get(["X-Odd: a\0b"]),
  ],
  [
    "folded",
    "a folded field",
    "RFC 9112, section 5.2: refused with 400, or replaced by spaces",
    get(["X-Odd: a\r\n b\r\n\tc"]),
  ],
  [
    "white-space-first",
    "white space before the first field, which looks like a length over a second request",
    "RFC 9112, section 2.2: refused, or the line is dropped",
    withLine(`GET /row HTTP/1.1\r\n ${length(HIDDEN)}`) + HIDDEN,
    [[GOT, HIDDEN_MESSAGE]],
  ],
  ["no-colon", "a line without a colon", NAME, get(["no colon here"])],
  ["empty-name", "a field without a name", NAME, get([": no name"])],
  ["name-with-space", "a name with a space in it", NAME, get(["X Odd: a"])],
  ["name-no-token", "a name that is no token", NAME, get(["X(Odd): a", "X\x7fOdd: b"])],
  ["line-tabs", "tabs in the request line", REQUEST_LINE, withLine("GET\t/row\tHTTP/1.1")],
  [
    "line-two-spaces",
    "two spaces in the request line",
    REQUEST_LINE,
    withLine("GET  /row HTTP/1.1"),
  ],
  ["line-space-before", "a space before the method", REQUEST_LINE, withLine(" GET /row HTTP/1.1")],
  ["line-space-after", "a space after the version", REQUEST_LINE, withLine("GET /row HTTP/1.1 ")],
  [
    "line-extra-word",
    "a word too many in the request line",
    REQUEST_LINE,
    withLine("GET /row extra HTTP/1.1"),
    [[ANY_ROW]],
  ],
  [
    "line-hidden-version",
    "a version in the middle of the request line",
    REQUEST_LINE,
    withLine("GET /row HTTP/1.1 HTTP/1.1"),
    [[ANY_ROW]],
  ],
  [
    "line-method-no-token",
    "a method that is no token",
    REQUEST_LINE,
    withLine("GE(T /row HTTP/1.1"),
    [],
  ],
  ["line-method-nul", "NUL in the method", REQUEST_LINE, withLine("G\0ET /row HTTP/1.1"), []],
  [
    "line-control-character",
    "a control character in the target",
    "RFC 9112, section 3.2: a target holds no control characters",
    withLine("GET /row\x01x HTTP/1.1"),
    [[ANY_ROW]],
  ],
  ["version-lower-case", "http in small letters", VERSION, withLine("GET /row http/1.1")],
  ["version-1.10", "version 1.10", VERSION, withLine("GET /row HTTP/1.10")],
  ["version-2.0", "version 2.0", VERSION, withLine("GET /row HTTP/2.0")],
  ["version-none", "no version, as in HTTP/0.9", VERSION, "GET /row\r\n"],
  [
    "version-http2-preface",
    "the beginning of an HTTP/2 connection, and a request after it",
    "RFC 9112, section 2.3: another major version is another protocol",
    PREFACE + HIDDEN,
    [[PREFACE_MESSAGE]],
  ],
  ["host-missing", "no Host in HTTP/1.1", HOSTS, withHost("X-Odd: a")],
  ["host-twice", "two Hosts that differ", HOSTS, withHost(HOST, "Host: other.example")],
  ["host-twice-equal", "the same Host twice", HOSTS, withHost(HOST, HOST)],
  [
    "host-in-connection",
    "a Host that Connection names",
    "RFC 9110, section 7.6.1: Connection names no field that is for all recipients",
    get(["Connection: keep-alive, Host"]),
  ],
  [
    "host-and-absolute-target",
    "a target in absolute form that names another host than Host",
    "RFC 9112, section 3.2.2: Host is ignored and replaced",
    withLine("GET http://other.example/row HTTP/1.1"),
    [[{ method: "GET", target: /^(http:\/\/other\.example)?\/row$/ }]],
  ],
];

const lines: readonly RequestRow[] = LINES.map(
  ([variant, title, source, bytes, readings = [[GOT]]]) => ({
    variant,
    title,
    source,
    bytes,
    readings,
  }),
);

const about = (pattern: RegExp) => lines.filter(({ variant }) => pattern.test(variant));
const REQUEST_LINES = /^(?:line-|version-)/;
const HOST_LINES = /^host-/;

export const lineFamilies: readonly Family<RequestRow>[] = [
  { name: "request-line", title: "A request line that is not one", rows: about(REQUEST_LINES) },
  { name: "host", title: "No Host, or more than one", rows: about(HOST_LINES) },
  {
    name: "field-lines",
    title: "Field lines with odd ends, names and values",
    rows: lines.filter(({ variant }) => !REQUEST_LINES.test(variant) && !HOST_LINES.test(variant)),
  },
];
