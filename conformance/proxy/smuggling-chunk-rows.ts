/** Requests whose chunks could be read in two ways. */
import { CHUNKED, HIDDEN, HIDDEN_MESSAGE, length, post, posted } from "./smuggling-row.ts";
import type { Family, RequestRow } from "./smuggling-row.ts";

const END = "0\r\n\r\n";
const SIZE = "RFC 9112, section 7.1: a chunk's size is one or more hexadecimal digits";
const DATA = "RFC 9112, section 7.1: CR LF follows a chunk's data";
const EXTENSION = "RFC 9112, section 7.1.1: chunk extensions";

/** Broken chunks, and a second request that only a wrong reading finds. */
const BROKEN: readonly (readonly [string, title: string, source: string, body: string])[] = [
  ["size-0x", "a chunk size with 0x", SIZE, `0x5\r\nhello\r\n${END}${HIDDEN}`],
  ["size-0x-last", "0x0 as the last chunk's size", SIZE, `5\r\nhello\r\n0x0\r\n\r\n${HIDDEN}`],
  ["size-minus", "a chunk size below zero", SIZE, `-5\r\nhello\r\n${END}${HIDDEN}`],
  ["size-plus", "a chunk size with a plus sign", SIZE, `+5\r\nhello\r\n${END}${HIDDEN}`],
  ["size-underscore", "a chunk size with an underscore", SIZE, `0_5\r\nhello\r\n${END}${HIDDEN}`],
  ["size-empty", "a chunk without a size", SIZE, `\r\nhello\r\n${END}${HIDDEN}`],
  [
    "size-overflow",
    "a chunk size of 2^64 + 5, which is 5 to those who overflow",
    "RFC 9112, section 7.1: large numbers must not overflow",
    `10000000000000005\r\nhello\r\n${END}${HIDDEN}`,
  ],
  [
    "size-overflow-32",
    "a chunk size of 2^32 + 5, which is 5 in 32 bits",
    "RFC 9112, section 7.1: large numbers must not overflow",
    `100000005\r\nhello\r\n${END}${HIDDEN}`,
  ],
  [
    "size-long",
    "a chunk size of 300 digits",
    "RFC 9112, section 7.1: large numbers must not overflow",
    `${"f".repeat(299)}5\r\nhello\r\n${END}${HIDDEN}`,
  ],
  ["data-longer", "chunk data longer than its size", DATA, `5\r\nhello!\r\n${END}${HIDDEN}`],
  ["data-shorter", "chunk data shorter than its size", DATA, `7\r\nhello\r\n${END}${HIDDEN}`],
  ["data-without-end", "chunk data without CR LF after it", DATA, `5\r\nhello${END}${HIDDEN}`],
];

const broken: readonly RequestRow[] = BROKEN.map(([variant, title, source, body]) => ({
  variant: `chunk-${variant}`,
  title,
  source,
  bytes: post([CHUNKED], body),
  readings: [],
}));

/** Right, or with one meaning that a proxy may write down properly. */
const READABLE: readonly (readonly [string, title: string, source: string, body: string])[] = [
  ["size-spaces", "a chunk size with spaces after it", SIZE, `5  \r\nhello\r\n${END}`],
  ["size-space-before", "a chunk size with a space before it", SIZE, ` 5\r\nhello\r\n${END}`],
  [
    "size-zeros",
    "a chunk size with zeros before it, which is right",
    SIZE,
    `0005\r\nhello\r\n${END}`,
  ],
  ["size-lf", "a chunk size whose line ends in LF alone", SIZE, `5\nhello\r\n${END}`],
  ["data-lf", "LF alone after a chunk's data", DATA, `5\r\nhello\n${END}`],
  ["extension", "a chunk extension, which is right", EXTENSION, `5;a=b;c="d"\r\nhello\r\n${END}`],
  [
    "extension-space",
    "a chunk extension after white space, which is right",
    EXTENSION,
    `5 ; a = b\r\nhello\r\n${END}`,
  ],
];

const readable: readonly RequestRow[] = READABLE.map(([variant, title, source, body]) => ({
  variant: `chunk-${variant}`,
  title,
  source,
  bytes: post([CHUNKED], body),
  readings: [[posted("hello")]],
}));

/** Two chunks to whoever ends the first line at LF; to others one, the end, and a second request. */
const HIDING_END = `5;\nhello\r\n${
  (END.length + HIDDEN.length).toString(16).padStart(5, "0")
}\r\n${END}${HIDDEN}\r\n${END}`;

const ends: readonly RequestRow[] = [
  {
    variant: "chunk-extension-bare-lf",
    title: "a LF inside a chunk extension, which ends the line for some",
    source: `${EXTENSION} hold no LF; a reader that takes it as the end writes it down properly`,
    bytes: post([CHUNKED], `5;\nhello\r\n${END}${HIDDEN}`),
    readings: [[posted("hello"), HIDDEN_MESSAGE]],
  },
  {
    variant: "chunk-extension-hides-end",
    title: "a LF inside a chunk extension, and a second request for those who read over it",
    source: `${EXTENSION} hold no LF`,
    bytes: post([CHUNKED], HIDING_END),
    readings: [[posted(`hello${END}${HIDDEN}`)]],
  },
  {
    variant: "chunk-extension-bare-cr",
    title: "a CR inside a chunk extension",
    source: "RFC 9112, section 2.2: refused, or the CR replaced by a space",
    bytes: post([CHUNKED], `5;a\rb\r\nhello\r\n${END}${HIDDEN}`),
    readings: [[posted("hello"), HIDDEN_MESSAGE]],
  },
  {
    variant: "chunk-unfinished",
    title: "chunks without the last, and then the end of the connection",
    source: "RFC 9112, section 8: a chunked message without its last chunk is incomplete",
    bytes: post([CHUNKED], "5\r\nhello\r\n"),
    readings: [],
  },
  {
    variant: "trailer-length",
    title: "a trailer that looks like a length, and a request after it",
    source: "RFC 9110, section 6.5.1: a trailer frames nothing",
    bytes: post([CHUNKED], `5\r\nhello\r\n0\r\n${length(HIDDEN)}\r\n\r\n${HIDDEN}`),
    readings: [[posted("hello"), HIDDEN_MESSAGE]],
  },
  {
    variant: "trailer-request",
    title: "a trailer that looks like a request",
    source: "RFC 9112, section 7.1.2: what follows the last chunk is trailers up to an empty line",
    bytes: post([CHUNKED], `5\r\nhello\r\n0\r\n${HIDDEN}`),
    readings: [[posted("hello")]],
  },
];

export const chunkFamilies: readonly Family<RequestRow>[] = [
  { name: "broken-chunks", title: "Chunks whose size or end is broken", rows: broken },
  {
    name: "odd-chunks",
    title: "Chunks with extensions and odd ends",
    rows: [...readable, ...ends],
  },
];
