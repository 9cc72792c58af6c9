/** Requests whose Transfer-Encoding could be read in two ways. */
import { CHUNKED, chunked, HIDDEN, HIDDEN_MESSAGE, length, post, posted } from "./smuggling-row.ts";
import type { Family, RequestRow } from "./smuggling-row.ts";

const EMPTY_CHUNKS = `0\r\n\r\n${HIDDEN}`;

const NOT_CHUNKED =
  "RFC 9112, section 6.3, item 4: a request whose last coding is not chunked is refused with 400";

/** Not chunked, though some readers see it there. */
const OTHER_CODINGS: readonly (readonly [variant: string, lines: string[], what: string])[] = [
  ["xchunked", ["Transfer-Encoding: xchunked"], "xchunked"],
  ["identity", ["Transfer-Encoding: identity"], "identity, which is no coding any more"],
  ["chunked-identity", ["Transfer-Encoding: chunked, identity"], "identity after chunked"],
  ["two-words", ["Transfer-Encoding: chunked chunked"], "two words without a comma"],
  ["vertical-tab", ["Transfer-Encoding: \x0bchunked"], "chunked after a vertical tab"],
  ["no-break-space", ["Transfer-Encoding: \xa0chunked"], "chunked after a no-break space"],
  ["nul", ["Transfer-Encoding: chunked\0"], "chunked and NUL"],
  ["quoted", ['Transfer-Encoding: "chunked"'], "chunked in quotes"],
  [
    "two-fields",
    [CHUNKED, "Transfer-Encoding: identity"],
    "chunked, and identity in a second field",
  ],
];

/** Whoever does not see the coding takes what follows the head for a request. */
const ignored: readonly RequestRow[] = OTHER_CODINGS.map(([variant, lines, what]) => ({
  variant: `encoding-${variant}`,
  title: `a transfer coding of ${what}, before a second request`,
  source: NOT_CHUNKED,
  bytes: post(lines, HIDDEN),
  readings: [],
}));

/** Those that a lenient reader is likely to take for chunked. */
const LIKELY = ["xchunked", "chunked-identity", "vertical-tab", "nul", "two-fields"];

/** Whoever takes it for chunked ends before the second request, others after it. */
const taken: readonly RequestRow[] = OTHER_CODINGS.filter(([variant]) => LIKELY.includes(variant))
  .map(([variant, lines, what]) => ({
    variant: `encoding-${variant}-and-length`,
    title: `a transfer coding of ${what}, and a length that covers a second request`,
    source: NOT_CHUNKED,
    bytes: post([...lines, length(EMPTY_CHUNKS)], EMPTY_CHUNKS),
    readings: [],
  }));

const spelled: readonly RequestRow[] = [
  {
    variant: "encoding-space-before-colon",
    title: "Transfer-Encoding with a space before the colon, and a length over a second request",
    source: "RFC 9112, section 5.1: white space before the colon is refused with 400",
    bytes: post([CHUNKED.replace(":", " :"), length(EMPTY_CHUNKS)], EMPTY_CHUNKS),
    readings: [],
  },
  {
    variant: "encoding-tab-before-colon",
    title: "Transfer-Encoding with a tab before the colon, and a length over a second request",
    source: "RFC 9112, section 5.1: white space before the colon is refused with 400",
    bytes: post([CHUNKED.replace(":", "\t:"), length(EMPTY_CHUNKS)], EMPTY_CHUNKS),
    readings: [],
  },
  {
    variant: "encoding-underscore",
    title: "Transfer_Encoding, which is another field, and a length over a second request",
    source: "RFC 9110, section 5.1: names differ by more than their case",
    bytes: post([CHUNKED.replace("-", "_"), length(EMPTY_CHUNKS)], EMPTY_CHUNKS),
    readings: [[posted(EMPTY_CHUNKS)]],
  },
  {
    variant: "encoding-folded",
    title: "chunked on a folded line, over a second request",
    source: "RFC 9112, section 5.2: refused with 400, or replaced by spaces",
    bytes: post(["Transfer-Encoding:\r\n chunked"], chunked(HIDDEN)),
    readings: [[posted(HIDDEN)]],
  },
  {
    variant: "encoding-folded-and-length",
    title: "chunked on a folded line, and a length that ends before a second request",
    source: "RFC 9112, sections 5.2 and 6.1",
    bytes: post([length(4), "Transfer-Encoding:\r\n\tchunked"], chunked(HIDDEN)),
    readings: [[posted(HIDDEN)]],
  },
  {
    variant: "encoding-after-bare-cr",
    title: "a bare CR in a value, what looks like chunked after it, a length over a second request",
    source: "RFC 9112, section 2.2: refused, or the CR replaced by a space",
    bytes: post([`X-Odd: a\r${CHUNKED}`, length(EMPTY_CHUNKS)], EMPTY_CHUNKS),
    readings: [[posted(EMPTY_CHUNKS)]],
  },
  {
    variant: "encoding-upper-case",
    title: "CHUNKED in capitals, over a second request",
    source: "RFC 9112, section 7: names of codings have no case",
    bytes: post(["TRANSFER-ENCODING: CHUNKED"], chunked(HIDDEN)),
    readings: [[posted(HIDDEN)]],
  },
  {
    variant: "encoding-empty-element",
    title: "chunked after an empty list element, over a second request",
    source: "RFC 9110, section 5.6.1.2: empty elements are ignored",
    bytes: post(["Transfer-Encoding: , chunked"], chunked(HIDDEN)),
    readings: [[posted(HIDDEN)]],
  },
  {
    variant: "encoding-chunked-twice",
    title: "chunked in two fields",
    source: "RFC 9112, section 6.1: chunked is applied once at most",
    bytes: post([CHUNKED, CHUNKED], chunked(HIDDEN)),
    readings: [[posted(HIDDEN)]],
  },
  {
    variant: "encoding-gzip-chunked",
    title: "gzip, then chunked: the chunks end the message",
    source: "RFC 9112, section 6.3, item 4; 501 for a coding that is not known: section 6.1",
    bytes: post(["Transfer-Encoding: gzip, chunked"], chunked(HIDDEN)),
    readings: [[posted(HIDDEN)]],
  },
  {
    variant: "encoding-in-1.0",
    title: "chunked in HTTP/1.0, and a second request after it",
    source: "RFC 9112, section 6.1: the framing is faulty, and the connection is closed after",
    bytes: post([CHUNKED, "Connection: keep-alive"], EMPTY_CHUNKS).replace("HTTP/1.1", "HTTP/1.0"),
    // A proxy that goes on behind the chunks takes what follows for a request, and so does its server.
    readings: [[posted(""), HIDDEN_MESSAGE]],
  },
  {
    variant: "encoding-in-connection",
    title: "a Transfer-Encoding that Connection names",
    source: "RFC 9110, section 7.6.1: Connection names no field that is for all recipients",
    bytes: post(["Connection: keep-alive, Transfer-Encoding", CHUNKED], chunked(HIDDEN)),
    readings: [[posted(HIDDEN)]],
  },
];

export const encodingFamilies: readonly Family<RequestRow>[] = [
  { name: "other-codings", title: "A transfer coding other than chunked", rows: ignored },
  { name: "codings-and-length", title: "Such a coding beside a length", rows: taken },
  { name: "coding-spellings", title: "Transfer-Encoding on an odd line", rows: spelled },
];
