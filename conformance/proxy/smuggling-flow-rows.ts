/** Requests that are right, large, or about more than one message. */
import {
  CHUNKED,
  get,
  GOT,
  HIDDEN,
  HOST,
  length,
  post,
  posted,
  PREFACE,
  PREFACE_MESSAGE,
} from "./smuggling-row.ts";
import type { Family, RequestRow } from "./smuggling-row.ts";

const STREAM = "RFC 9112, section 2.2: a message is read from a stream, however it was cut";
const BOUNDS = "RFC 9110, section 5.4: what is too large is refused with 4xx, or forwarded whole";

const legal: readonly RequestRow[] = [
  {
    variant: "get-with-body",
    title: "a GET with a body that looks like a request: one message",
    source: "RFC 9112, section 6.3: a length frames the body of any method",
    bytes: get([length(HIDDEN)], HIDDEN),
    readings: [[{ ...GOT, body: HIDDEN }]],
  },
  {
    variant: "get-with-chunks",
    title: "a GET with a chunk that looks like a request: one message",
    source: "RFC 9112, section 6.3: chunks frame the body of any method",
    bytes: get([CHUNKED], `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`),
    readings: [[{ ...GOT, body: HIDDEN }]],
  },
  {
    variant: "pipelined",
    title: "three requests at once, the first with a body",
    source: "RFC 9112, section 9.3.2: requests may follow each other at once",
    bytes: post([length("hello")], "hello") +
      `GET /second HTTP/1.1\r\n${HOST}\r\n\r\nGET /third HTTP/1.1\r\n${HOST}\r\n\r\n`,
    readings: [[
      posted("hello"),
      { method: "GET", target: "/second" },
      { method: "GET", target: "/third" },
    ]],
  },
  {
    variant: "empty-lines-before",
    title: "an empty line before a request",
    source: "RFC 9112, section 2.2: at least one empty line is ignored",
    bytes: `\r\n${get([])}`,
    readings: [[GOT]],
  },
  {
    variant: "byte-by-byte",
    title: "a request in segments of one byte",
    source: STREAM,
    bytes: get(["X-Odd: a"]),
    byteByByte: true,
    readings: [[GOT]],
  },
  {
    variant: "chunks-byte-by-byte",
    title: "a request with chunks in segments of one byte",
    source: STREAM,
    bytes: post([CHUNKED], "5\r\nhello\r\n0\r\n\r\n"),
    byteByByte: true,
    readings: [[posted("hello")]],
  },
];

const BEGINNING = "the first of a thousand bytes";

const waiting: readonly RequestRow[] = [
  {
    variant: "expect-unsent-body",
    title: "Expect: 100-continue, and a body that never comes",
    source: "RFC 9110, section 10.1.1: a request is not whole before its body",
    bytes: post([length(5), "Expect: 100-continue"], ""),
    // That half a body is none is for length-unfinished to hold, here and below.
    readings: [[posted("")]],
  },
  {
    variant: "answered-early",
    title: "a server that answers before the body has come, and a client that goes",
    source: "RFC 9112, section 9.3: a connection is used again after a whole request only",
    bytes: post([length(1000)], BEGINNING),
    answersEarly: true,
    readings: [[posted(BEGINNING)]],
  },
  {
    variant: "upgrade-h2c",
    title: "an offer of HTTP/2, and HTTP/2 after it: no tunnel to the server",
    source: "RFC 9110, section 7.8: Upgrade is for one connection, and h2c no longer in use",
    bytes: get([
      "Connection: Upgrade, HTTP2-Settings",
      "Upgrade: h2c",
      "HTTP2-Settings: AAMAAABkAAQAAP__",
    ], PREFACE),
    upgrades: true,
    readings: [[GOT, PREFACE_MESSAGE]],
  },
  {
    variant: "connect",
    title: "CONNECT, and another protocol after it: no tunnel",
    source: "RFC 9110, section 9.3.6: CONNECT is for proxies that a client chose",
    bytes: `CONNECT proxy.example:80 HTTP/1.1\r\nHost: proxy.example:80\r\n\r\n${PREFACE}`,
    readings: [[{ method: "CONNECT", target: "proxy.example:80" }, PREFACE_MESSAGE]],
  },
];

/** As much as the record of a connection keeps. */
const LINE_BYTES = 900_000;

const large: readonly RequestRow[] = [
  {
    variant: "large-head",
    title: "a head of 100 kB in 20 fields",
    source: BOUNDS,
    bytes: get(Array.from({ length: 20 }, (_, i) => `X-Large-${i}: ${"a".repeat(5000)}`)),
    readings: [[GOT]],
  },
  {
    variant: "many-fields",
    title: "a head of 10,000 fields",
    source: BOUNDS,
    bytes: get(Array.from({ length: 10_000 }, (_, i) => `X-${i}: a`)),
    readings: [[GOT]],
  },
  {
    variant: "long-field",
    title: "a field of 900 kB",
    source: BOUNDS,
    bytes: get([`X-Long: ${"a".repeat(LINE_BYTES)}`]),
    readings: [[GOT]],
  },
  {
    variant: "long-target",
    title: "a target of 900 kB",
    source: "RFC 9112, section 3: 414, or forwarded whole",
    bytes: get([]).replace("/row", `/row?${"a".repeat(LINE_BYTES)}`),
    readings: [[{ method: "GET", target: `/row?${"a".repeat(LINE_BYTES)}` }]],
  },
];

export const flowFamilies: readonly Family<RequestRow>[] = [
  { name: "right-requests", title: "Requests that are right, though rare", rows: legal },
  { name: "unfinished", title: "Requests that never become whole, tunnels", rows: waiting },
  { name: "large-heads", title: "Heads that are too large", rows: large, alone: true },
];
