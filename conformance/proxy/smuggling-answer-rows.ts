/** Answers of a server that could be read in two ways, or that nobody asked for. */
import { CHUNKED, chunked, length, POISON, PREFACE } from "./smuggling-row.ts";
import type { Answered, AnswerRow, Family } from "./smuggling-row.ts";

const HELLO: Answered = { status: 200, body: "hello" };

const DISCARD = "RFC 9112, section 6.3, item 5: the proxy discards the answer, 502";
const BOTH = "RFC 9112, section 6.3, item 3: Transfer-Encoding overrides, the length is removed";
const EQUAL = "RFC 9110, section 8.6: refused, or replaced by one";
const EXTRA = "RFC 9112, section 9.2: what nobody asked for is no answer";
const NO_BODY = "RFC 9112, section 6.3, item 1: no body, whatever the fields say";
const CHUNKS = "RFC 9112, section 7.1: the chunked coding";
const STATUS_LINE = "RFC 9112, section 4: the status line";

function ok(fields: readonly string[], body: string, statusLine = "HTTP/1.1 200 OK"): string {
  return `${[statusLine, ...fields].join("\r\n")}\r\n\r\n${body}`;
}

const HELLO_CHUNKS = chunked("hello");
const HELLO_LENGTH = length("hello");

/** One length or the other, written out alone: the client reads one message, whichever it was. */
const EITHER_LENGTH: AnswerRow["readings"] = [
  HELLO,
  { status: 200, body: `hello${POISON}` },
];

const framing: readonly AnswerRow[] = [
  {
    variant: "answer-length-then-chunked",
    title: "an answer with a short length and chunks",
    source: BOTH,
    answer: ok([length(4), CHUNKED], HELLO_CHUNKS),
    readings: [HELLO],
  },
  {
    variant: "answer-chunked-then-length",
    title: "an answer with chunks, and a length over another answer",
    source: BOTH,
    answer: ok([CHUNKED, length(HELLO_CHUNKS + POISON)], HELLO_CHUNKS + POISON),
    readings: [HELLO],
  },
  {
    variant: "answer-two-lengths",
    title: "an answer with a length, and one that covers another answer",
    source: DISCARD,
    answer: ok([HELLO_LENGTH, length(`hello${POISON}`)], `hello${POISON}`),
    readings: EITHER_LENGTH,
  },
  {
    variant: "answer-two-lengths-longer-first",
    title: "an answer with a length that covers another answer, and one that does not",
    source: DISCARD,
    answer: ok([length(`hello${POISON}`), HELLO_LENGTH], `hello${POISON}`),
    readings: EITHER_LENGTH,
  },
  {
    variant: "answer-length-list",
    title: "an answer with two different lengths in one field",
    source: DISCARD,
    answer: ok([`Content-Length: 5, ${5 + POISON.length}`], `hello${POISON}`),
    readings: EITHER_LENGTH,
  },
  {
    variant: "answer-equal-lengths",
    title: "an answer with the same length twice",
    source: EQUAL,
    answer: ok([HELLO_LENGTH, HELLO_LENGTH], "hello"),
    readings: [HELLO],
  },
  {
    variant: "answer-equal-length-list",
    title: "an answer with the same length twice in one field",
    source: EQUAL,
    answer: ok(["Content-Length: 5, 5"], "hello"),
    readings: [HELLO],
  },
  {
    variant: "answer-length-folded",
    title: "an answer with its length on a folded line, and another answer after it",
    source: "RFC 9112, section 5.2: discarded with 502, or replaced by spaces",
    answer: ok(["Content-Length:\r\n 5"], `hello${POISON}`),
    readings: [HELLO],
  },
  {
    variant: "answer-length-space-before-colon",
    title: "an answer with a space before the colon of its length, and another answer after it",
    source: "RFC 9112, section 5.1: a proxy removes such white space",
    answer: ok([HELLO_LENGTH.replace(":", " :")], `hello${POISON}`),
    readings: [HELLO],
  },
  {
    variant: "answer-encoding-in-1.0",
    title: "an HTTP/1.0 answer with chunks",
    source: "RFC 9112, section 6.1: the framing is faulty, and the connection is closed after",
    answer: ok([CHUNKED], HELLO_CHUNKS, "HTTP/1.0 200 OK"),
    closes: true,
    // In HTTP/1.0 the close ends it, and nobody knows of chunks.
    readings: [HELLO, { status: 200, body: HELLO_CHUNKS }],
  },
];

/** What stands for 5 to some readers. */
const INVALID_LENGTHS: readonly (readonly [variant: string, value: string, what: string])[] = [
  ["minus", "-5", "below zero"],
  ["plus", "+5", "with a plus sign"],
  ["hexadecimal", "0x5", "with 0x"],
  ["word", "five", "that is a word"],
  ["empty", "", "without a value"],
];

const lengths: readonly AnswerRow[] = INVALID_LENGTHS.map(([variant, value, what]) => ({
  variant: `answer-length-${variant}`,
  title: `an answer with a length ${what}`,
  source: DISCARD,
  answer: ok([`Content-Length: ${value}`], "hello"),
  closes: true,
  // All up to the close, with a framing of the proxy's own, leaves nobody in doubt.
  readings: [HELLO],
}));

/** Chunks that some readers take for a whole body. */
const BROKEN_CHUNKS: readonly (readonly [string, what: string, body: string])[] = [
  ["size-0x", "a chunk size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"],
  ["size-minus", "a chunk size below zero", "-5\r\nhello\r\n0\r\n\r\n"],
  ["size-word", "a chunk size that is a word", "five!\r\nhello\r\n0\r\n\r\n"],
  [
    "size-overflow",
    "a chunk size of 2^64 + 5",
    "10000000000000005\r\nhello\r\n0\r\n\r\n",
  ],
  ["data-longer", "chunk data longer than its size", "5\r\nhello!\r\n0\r\n\r\n"],
  ["data-without-end", "chunk data without CR LF after it", "5\r\nhello0\r\n\r\n"],
];

const chunks: readonly AnswerRow[] = BROKEN_CHUNKS.map(([variant, what, body]) => ({
  variant: `answer-chunk-${variant}`,
  title: `an answer with ${what}`,
  source: CHUNKS,
  answer: ok([CHUNKED], body),
  closes: true,
  readings: [],
  partial: "hello",
}));

const extra: readonly AnswerRow[] = [
  {
    variant: "answer-extra-after-length",
    title: "another answer right after an answer with a length",
    source: EXTRA,
    answer: ok([HELLO_LENGTH], `hello${POISON}`),
    readings: [HELLO],
  },
  {
    variant: "answer-extra-after-chunks",
    title: "another answer right after an answer in chunks",
    source: EXTRA,
    answer: ok([CHUNKED], `${HELLO_CHUNKS}${POISON}`),
    readings: [HELLO],
  },
  {
    variant: "answer-unasked",
    title: "an answer that nobody asked for on an idle connection",
    source: EXTRA,
    answer: ok([HELLO_LENGTH], "hello"),
    late: POISON,
    readings: [HELLO],
  },
  {
    variant: "answer-unasked-part",
    title: "half of an answer that nobody asked for on an idle connection",
    source: EXTRA,
    answer: ok([HELLO_LENGTH], "hello"),
    late: POISON.slice(0, -4),
    readings: [HELLO],
  },
  {
    variant: "answer-204-with-body",
    title: "204 with a body that is another answer",
    source: NO_BODY,
    answer: ok([length(POISON)], POISON, "HTTP/1.1 204 No Content"),
    readings: [{ status: 204, body: "" }],
  },
  {
    variant: "answer-304-with-body",
    title: "304 with a body that is another answer",
    source: NO_BODY,
    bytes: 'GET /victim HTTP/1.1\r\nHost: proxy.example\r\nIf-None-Match: "a"\r\n\r\n',
    answer: ok(['ETag: "a"', length(POISON)], POISON, "HTTP/1.1 304 Not Modified"),
    readings: [{ status: 304, body: "" }],
  },
  {
    variant: "answer-head-with-body",
    title: "the answer to HEAD with a body that is another answer",
    source: NO_BODY,
    bytes: "HEAD /victim HTTP/1.1\r\nHost: proxy.example\r\n\r\n",
    answer: ok([length(POISON)], POISON),
    readings: [{ status: 200, body: "" }],
  },
  {
    variant: "answer-103-with-body",
    title: "103 with a body before the answer",
    source: NO_BODY,
    answer: ok(
      [length("early")],
      `early${ok([HELLO_LENGTH], "hello")}`,
      "HTTP/1.1 103 Early Hints",
    ),
    readings: [HELLO],
  },
  {
    variant: "answer-100-unasked",
    title: "100 three times, which nobody asked for, and the answer: right",
    source: "RFC 9110, section 15.2: any number of 1xx before the answer",
    answer: "HTTP/1.1 100 Continue\r\n\r\n".repeat(3) + ok([HELLO_LENGTH], "hello"),
    readings: [HELLO],
  },
  {
    variant: "answer-101-unasked",
    title: "101 that nobody asked for, and another protocol from the client: no tunnel",
    source: "RFC 9110, section 15.2.2: 101 is for a client that offered to change",
    bytes: `GET /victim HTTP/1.1\r\nHost: proxy.example\r\n\r\n${PREFACE}`,
    answer: ok(["Connection: Upgrade", "Upgrade: h2c"], "", "HTTP/1.1 101 Switching Protocols") +
      ok([HELLO_LENGTH], "hello"),
    closes: true,
    readings: [HELLO],
  },
];

const heads: readonly AnswerRow[] = [
  {
    variant: "answer-bare-cr",
    title: "a bare CR in a value, and what looks like a field after it",
    source: "RFC 9112, section 2.2: discarded, or the CR replaced by a space; one that takes it " +
      "for a line's end, as Python's http.client does, passes while both sides see one message",
    answer: ok(["X-Odd: a\rSet-Cookie: b=c", HELLO_LENGTH], "hello"),
    readings: [HELLO],
  },
  {
    variant: "answer-lf-lines",
    title: "lines that end in LF alone",
    source: "RFC 9112, section 2.2: LF may be taken as the end of a line",
    answer: ok(["X-Odd: a", HELLO_LENGTH], "hello").replaceAll("\r\n", "\n"),
    readings: [HELLO],
  },
  {
    variant: "answer-nul",
    title: "NUL in a value",
    source: "RFC 9110, section 5.5: discarded, or the NUL replaced by a space",
    answer: ok(["X-Odd: a\0b", HELLO_LENGTH], "hello"),
    readings: [HELLO],
  },
  {
    variant: "answer-no-colon",
    title: "a line without a colon",
    source: "RFC 9110, section 5.1: a name is a token",
    answer: ok(["no colon here", HELLO_LENGTH], "hello"),
    readings: [HELLO],
  },
  {
    variant: "answer-folded",
    title: "a folded field",
    source: "RFC 9112, section 5.2: discarded with 502, or replaced by spaces",
    answer: ok(["X-Odd: a\r\n b", HELLO_LENGTH], "hello"),
    readings: [HELLO],
  },
  {
    variant: "answer-endless-head",
    title: "a head of 500 kB that has no end",
    source: "RFC 9110, section 5.4: what is too large is discarded",
    answer: ok(["X-Odd: a"], "").slice(0, -2) + `X-More: ${"a".repeat(1000)}\r\n`.repeat(500),
    closes: true,
    readings: [],
  },
];

/** Begins of answers that are none; a body of five bytes follows. */
const STATUS_LINES: readonly (readonly [string, what: string, line: string])[] = [
  ["words", "words for a status line", "this is no answer"],
  ["letters", "letters in the status", "HTTP/1.1 2OO OK"],
  ["http2-settings", "the beginning of HTTP/2", "\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0d"],
];

const statusLines: readonly AnswerRow[] = STATUS_LINES.map(([variant, what, line]) => ({
  variant: `answer-status-${variant}`,
  title: `an answer that begins with ${what}`,
  source: STATUS_LINE,
  answer: ok([HELLO_LENGTH], "hello", line),
  closes: true,
  readings: [],
}));

export const answerFamilies: readonly Family<AnswerRow>[] = [
  { name: "answer-framing", title: "An answer that ends in two places", rows: framing },
  { name: "answer-lengths", title: "An answer with a length that is no number", rows: lengths },
  { name: "answer-chunks", title: "An answer whose chunks are broken", rows: chunks },
  { name: "answer-extra", title: "More than the one answer that was asked for", rows: extra },
  { name: "answer-heads", title: "An answer with odd fields", rows: heads },
  { name: "answer-status-lines", title: "An answer that begins as none", rows: statusLines },
];
