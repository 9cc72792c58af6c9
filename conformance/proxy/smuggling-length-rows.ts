/** Requests whose Content-Length could be read in two ways. */
import {
  CHUNKED,
  chunked,
  get,
  GOT,
  HIDDEN,
  HIDDEN_MESSAGE,
  length,
  post,
  posted,
} from "./smuggling-row.ts";
import type { Family, RequestRow } from "./smuggling-row.ts";

/** Ends at once as chunks; by the length there is more. */
const EMPTY_CHUNKS = `0\r\n\r\n${HIDDEN}`;
const HELLO_AND_HIDDEN = `hello${HIDDEN}`;
/** By the length only its first line is there. */
const FIRST_LINE = `${HIDDEN.length.toString(16)}\r\n`;

const BOTH =
  "RFC 9112, section 6.1: Transfer-Encoding overrides, and the connection is closed after";
const TWO = "RFC 9112, section 6.3, item 5: lengths that differ are refused with 400";
const EQUAL = "RFC 9110, section 8.6: refused, or replaced by one";
const INVALID = "RFC 9112, section 6.3, item 5: a length that is no number is refused with 400";
const SPACE = "RFC 9112, section 5.1: white space before the colon is refused with 400";
const FOLD = "RFC 9112, section 5.2: refused with 400, or replaced by spaces";

const both: readonly RequestRow[] = [
  {
    variant: "length-then-chunked",
    title: "a length that covers a second request, then chunks that end before it",
    source: BOTH,
    bytes: post([length(EMPTY_CHUNKS), CHUNKED], EMPTY_CHUNKS),
    readings: [[posted("")]],
  },
  {
    variant: "chunked-then-length",
    title: "chunks that end before a second request, then a length that covers it",
    source: BOTH,
    bytes: post([CHUNKED, length(EMPTY_CHUNKS)], EMPTY_CHUNKS),
    readings: [[posted("")]],
  },
  {
    variant: "short-length-then-chunked",
    title: "a length that ends before a second request, then a chunk that covers it",
    source: BOTH,
    bytes: post([length(FIRST_LINE), CHUNKED], chunked(HIDDEN)),
    readings: [[posted(HIDDEN)]],
  },
  {
    variant: "chunked-then-short-length",
    title: "a chunk that covers a second request, then a length that ends before it",
    source: BOTH,
    bytes: post([CHUNKED, length(FIRST_LINE)], chunked(HIDDEN)),
    readings: [[posted(HIDDEN)]],
  },
  {
    variant: "length-and-chunked-in-1.0",
    title: "length and chunks in HTTP/1.0, where chunks are not known",
    source: "RFC 9112, section 6.1: the framing is faulty, even with a length",
    bytes: post([length(EMPTY_CHUNKS), CHUNKED, "Connection: keep-alive"], EMPTY_CHUNKS)
      .replace("HTTP/1.1", "HTTP/1.0"),
    // By a length alone, as in HTTP/1.0, it is one message too.
    readings: [[posted("")], [posted(EMPTY_CHUNKS)]],
  },
];

const several: readonly RequestRow[] = [
  {
    variant: "two-lengths",
    title: "a length that ends before a second request, then one that covers it",
    source: TWO,
    bytes: post([length("hello"), length(HELLO_AND_HIDDEN)], HELLO_AND_HIDDEN),
    readings: [],
  },
  {
    variant: "two-lengths-longer-first",
    title: "a length that covers a second request, then one that ends before it",
    source: TWO,
    bytes: post([length(HELLO_AND_HIDDEN), length("hello")], HELLO_AND_HIDDEN),
    readings: [],
  },
  {
    variant: "two-lengths-apart",
    title: "two different lengths with other fields between them, and names in two cases",
    source: TWO,
    bytes: post(
      [length("hello"), "X-Between: 1", length(HELLO_AND_HIDDEN).toLowerCase()],
      HELLO_AND_HIDDEN,
    ),
    readings: [],
  },
  {
    variant: "length-list",
    title: "two different lengths in one field",
    source: TWO,
    bytes: post([`Content-Length: 5, ${HELLO_AND_HIDDEN.length}`], HELLO_AND_HIDDEN),
    readings: [],
  },
  {
    variant: "equal-lengths",
    title: "the same length twice",
    source: EQUAL,
    bytes: post([length("hello"), length("hello")], "hello"),
    readings: [[posted("hello")]],
  },
  {
    variant: "equal-length-list",
    title: "the same length twice in one field",
    source: EQUAL,
    bytes: post(["Content-Length: 5, 5"], "hello"),
    readings: [[posted("hello")]],
  },
];

/** What stands for 5 to some readers, but is none or not this number. */
const INVALID_LENGTHS: readonly (readonly [variant: string, value: string, what: string])[] = [
  ["length-plus", "+5", "with a plus sign"],
  ["length-minus", "-5", "below zero"],
  ["length-hexadecimal", "0x5", "with 0x"],
  ["length-underscore", "0_5", "with an underscore, which Python takes"],
  ["length-two-words", "5 5", "of two numbers with a space between"],
  ["length-empty", "", "without a value"],
  ["length-vertical-tab", "\x0b5", "after a vertical tab, which is no white space here"],
  ["length-no-break-space", "\xa05", "after a no-break space, which is no white space here"],
];

const invalid: readonly RequestRow[] = INVALID_LENGTHS.map(([variant, value, what]) => ({
  variant,
  title: `a length ${what}`,
  source: INVALID,
  bytes: post([`Content-Length: ${value}`], HELLO_AND_HIDDEN),
  readings: [],
}));

const single: readonly RequestRow[] = [
  {
    variant: "length-overflow",
    title: "a length of 2^64 + 5, which is 5 to those who overflow",
    source: "RFC 9110, section 8.6: large numbers must not overflow",
    bytes: post(["Content-Length: 18446744073709551621"], HELLO_AND_HIDDEN),
    readings: [],
  },
  {
    variant: "length-space-before-colon",
    title: "a length whose name has a space before the colon, over a second request",
    source: SPACE,
    bytes: post([length(HIDDEN).replace(":", " :")], HIDDEN),
    readings: [],
  },
  {
    variant: "length-nul-in-name",
    title: "a length whose name ends in NUL, over a second request",
    source: "RFC 9110, section 5.1: a name is a token",
    bytes: post([length(HIDDEN).replace(":", "\0:")], HIDDEN),
    readings: [],
  },
  {
    variant: "length-folded",
    title: "a length on a folded line, over a second request",
    source: FOLD,
    bytes: post([`Content-Length:\r\n ${HIDDEN.length}`], HIDDEN),
    readings: [[posted(HIDDEN)]],
  },
  {
    variant: "length-in-fold",
    title: "another field's folded line that looks like a length",
    source: FOLD,
    bytes: get([`X-Folded: a\r\n ${length(HIDDEN)}`], HIDDEN),
    readings: [[GOT, HIDDEN_MESSAGE]],
  },
  {
    variant: "length-after-bare-cr",
    title: "a bare CR in a value, and after it what looks like a length",
    source: "RFC 9112, section 2.2: refused, or the CR replaced by a space",
    bytes: get([`X-Odd: a\r${length(HIDDEN)}`], HIDDEN),
    // Whoever ends the line there has one message with a body, and its server too.
    readings: [[GOT, HIDDEN_MESSAGE], [{ ...GOT, body: HIDDEN }]],
  },
  {
    variant: "length-after-bare-lf",
    title: "a length after a line that ends in LF alone, over a second request",
    source: "RFC 9112, section 2.2: LF may be taken as the end of a line",
    bytes: post([`X-Odd: a\n${length(HIDDEN)}`], HIDDEN),
    readings: [[posted(HIDDEN)]],
  },
  {
    variant: "length-cr-cr-lf",
    title: "a length whose line ends in CR CR LF, over a second request",
    source: "RFC 9112, section 2.2: refused, or the CR replaced by a space",
    bytes: post([`${length(HIDDEN)}\r`], HIDDEN),
    readings: [[posted(HIDDEN)]],
  },
  {
    variant: "length-blanks",
    title: "a length with tabs and spaces around it, which is right",
    source: "RFC 9110, section 5.5: white space around a value is no part of it",
    bytes: post(["Content-Length:\t 5 \t"], "hello"),
    readings: [[posted("hello")]],
  },
  {
    variant: "length-unfinished",
    title: "half of a body, and then the end of the connection",
    source: "RFC 9112, section 8: a message that ends before its length is incomplete",
    bytes: post([length(10)], "hello"),
    readings: [],
  },
];

export const lengthFamilies: readonly Family<RequestRow>[] = [
  { name: "two-framings", title: "A length beside chunks", rows: both },
  { name: "several-lengths", title: "More than one length", rows: several },
  { name: "length-spellings", title: "A length that is no number of bytes", rows: invalid },
  { name: "length-lines", title: "A length on an odd line", rows: single },
];
