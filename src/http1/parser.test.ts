import { Buffer } from "node:buffer";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DEFAULT_LIMITS, Parser, writeChunk, writeLastChunk } from "./mod.ts";
import { writeRequestHead, writeResponseHead } from "./mod.ts";
import type { Deviation, DeviationCode, Field, Head, Limits, Severity } from "./mod.ts";

type Kind = "request" | "response";

interface Settings {
  readonly kind: Kind;
  readonly strict: boolean;
  readonly limits?: Limits;
  readonly bodiless?: boolean;
}

type Event =
  | { readonly head: Head }
  | { data: string }
  | { readonly complete: readonly Field[] }
  | { readonly deviation: Deviation };

/** What a parser makes of these pieces and the end after them; pieces of a body are joined. */
function parse(pieces: readonly Uint8Array[], settings: Settings): Event[] {
  const events: Event[] = [];
  const parser = new Parser<Head>(settings, {
    onHead: (head) => events.push({ head }),
    onData(bytes) {
      const last = events.at(-1);
      const data = Buffer.from(bytes).toString("latin1");
      if (last && "data" in last) last.data += data;
      else events.push({ data });
    },
    onComplete: (complete) => events.push({ complete }),
    onDeviation: (found) => events.push({ deviation: found }),
  });
  for (const piece of pieces) assert.is(parser.push(piece), piece.length);
  parser.end();
  return events;
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

function parseText(text: string, settings: Settings): Event[] {
  return parse([bytesOf(text)], settings);
}

/** The bytes cut at these places; each piece lies in memory of its own, as pieces of a wire do. */
function cut(bytes: Buffer, places: readonly number[]): Uint8Array[] {
  const sorted = [...places].map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  const edges = [0, ...sorted, bytes.length];
  return edges.slice(1).map((edge, index) => new Uint8Array(bytes.subarray(edges[index], edge)));
}

function headsOf(events: readonly Event[]): Head[] {
  return events.flatMap((event) => "head" in event ? [event.head] : []);
}

function deviationsOf(events: readonly Event[]): Deviation[] {
  return events.flatMap((event) => "deviation" in event ? [event.deviation] : []);
}

function dataOf(events: readonly Event[]): string {
  return events.map((event) => "data" in event ? event.data : "").join("");
}

function completeCount(events: readonly Event[]): number {
  return events.filter((event) => "complete" in event).length;
}

const GET = "GET /next HTTP/1.1\r\nHost: b\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** One way to depart from RFC 9112, and what is refused for it. */
interface Deviant {
  readonly kind: Kind;
  readonly text: string;
  readonly severity: Severity;
  /** 400 unless another fits better. */
  readonly status?: Deviation["status"];
}

function request(line: string, fields = "", body = ""): string {
  return `${line}\r\nHost: a\r\n${fields}\r\n${body}`;
}

function post(fields: string, body = ""): string {
  return request("POST / HTTP/1.1", fields, body);
}

const CHUNKED = "Transfer-Encoding: chunked\r\n";

/** A row for each code, so that a code that no bytes lead to fails the type check. */
const DEVIANTS: Record<DeviationCode, readonly Deviant[]> = {
  "leading-empty-line": [
    { kind: "request", text: `\r\n${request("GET / HTTP/1.1")}`, severity: "tolerated" },
    { kind: "request", text: `\r\n\r\n${request("GET / HTTP/1.1")}`, severity: "tolerated" },
  ],
  "bare-lf": [
    { kind: "request", text: "GET / HTTP/1.1\nHost: a\r\n\r\n", severity: "bad" },
    { kind: "request", text: "GET / HTTP/1.1\r\nHost: a\n\r\n", severity: "bad" },
    { kind: "request", text: "GET / HTTP/1.1\r\nHost: a\r\n\n", severity: "bad" },
    { kind: "request", text: post(CHUNKED, "1\nx\r\n0\r\n\r\n"), severity: "bad" },
    { kind: "request", text: post(CHUNKED, "1\r\nx\n0\r\n\r\n"), severity: "bad" },
    { kind: "request", text: post(CHUNKED, "0\r\n\n"), severity: "bad" },
    { kind: "response", text: "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", severity: "bad" },
  ],
  "bare-cr": [
    { kind: "request", text: "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", severity: "fatal" },
    { kind: "request", text: "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", severity: "fatal" },
    { kind: "request", text: "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", severity: "fatal" },
    { kind: "response", text: "HTTP/1.1 200 OK\rX: y\r\n\r\n", severity: "fatal" },
    { kind: "request", text: post(CHUNKED, "1\r;\r\nx\r\n0\r\n\r\n"), severity: "fatal" },
  ],
  "bad-request-line": [
    { kind: "request", text: "FOO\r\nHost: a\r\n\r\n", severity: "fatal" },
    { kind: "request", text: "GET /\r\nHost: a\r\n\r\n", severity: "fatal" },
    { kind: "request", text: "\r\n\r\n\r\nGET / HTTP/1.1\r\n", severity: "fatal" },
  ],
  "bad-status-line": [
    { kind: "response", text: "HTTP/1.1 20 OK\r\n\r\n", severity: "fatal" },
    { kind: "response", text: "HTTP/1.1 2000 OK\r\n\r\n", severity: "fatal" },
    { kind: "response", text: "HTTP/1.1  200 OK\r\n\r\n", severity: "fatal" },
    { kind: "response", text: "http/1.1 200 OK\r\n\r\n", severity: "fatal" },
    { kind: "response", text: "\r\nHTTP/1.1 200 OK\r\n\r\n", severity: "fatal" },
    { kind: "response", text: "HTTP/1.1 204\r\n\r\n", severity: "bad" },
    { kind: "response", text: "HTTP/1.1 099 OK\r\n\r\n", severity: "fatal" },
  ],
  "bad-reason": [
    { kind: "response", text: "HTTP/1.1 204 N\0\r\n\r\n", severity: "bad" },
  ],
  "bad-method": [
    { kind: "request", text: request("G(T / HTTP/1.1"), severity: "fatal" },
    { kind: "request", text: request("G\0T / HTTP/1.1"), severity: "fatal" },
    { kind: "request", text: request(" / HTTP/1.1"), severity: "fatal" },
  ],
  "bad-target": [
    { kind: "request", text: request("GET /\xe9 HTTP/1.1"), severity: "bad" },
    { kind: "request", text: request("GET /a b HTTP/1.1"), severity: "fatal" },
    { kind: "request", text: request("GET  / HTTP/1.1"), severity: "fatal" },
    { kind: "request", text: request("GET  HTTP/1.1"), severity: "fatal" },
    { kind: "request", text: request("GET /\0 HTTP/1.1"), severity: "fatal" },
    { kind: "request", text: request("GET /\t HTTP/1.1"), severity: "fatal" },
    { kind: "request", text: request("GET /\x7f HTTP/1.1"), severity: "fatal" },
  ],
  "bad-version": [
    { kind: "request", text: request("GET / HTTP/1"), severity: "fatal" },
    { kind: "request", text: request("GET / HTTP/1.10"), severity: "fatal" },
    { kind: "request", text: request("GET / http/1.1"), severity: "fatal" },
    { kind: "request", text: request("GET / HTTP/x.y"), severity: "fatal" },
    { kind: "request", text: request("GET / HTTP/1.1 "), severity: "fatal" },
    { kind: "request", text: request("GET / "), severity: "fatal" },
  ],
  "unsupported-version": [
    { kind: "request", text: request("GET / HTTP/2.0"), severity: "fatal", status: 505 },
    { kind: "request", text: request("GET / HTTP/0.9"), severity: "fatal", status: 505 },
    { kind: "response", text: "HTTP/3.0 200 OK\r\n\r\n", severity: "fatal", status: 505 },
  ],
  "bad-field-name": [
    { kind: "request", text: post("no colon\r\n"), severity: "bad" },
    { kind: "request", text: post(": no name\r\n"), severity: "bad" },
    { kind: "request", text: post("a b: c\r\n"), severity: "bad" },
    { kind: "request", text: post("a\0: c\r\n"), severity: "bad" },
    { kind: "request", text: post("Content-Length\xa0: 5\r\n"), severity: "bad" },
    { kind: "request", text: post(CHUNKED, "0\r\n(: trailer\r\n\r\n"), severity: "bad" },
  ],
  "bad-field-value": [
    { kind: "request", text: post("X: a\0b\r\n"), severity: "bad" },
    { kind: "request", text: post("X: \x1b[31m\r\n"), severity: "bad" },
    { kind: "request", text: post("X: \x7f\r\n"), severity: "bad" },
    { kind: "response", text: "HTTP/1.1 204 No\r\nX: \x0b\r\n\r\n", severity: "bad" },
  ],
  "space-before-colon": [
    { kind: "request", text: post("X : y\r\n"), severity: "bad" },
    { kind: "request", text: post("X\t: y\r\n"), severity: "bad" },
    { kind: "response", text: "HTTP/1.1 204 No\r\nX : y\r\n\r\n", severity: "bad" },
  ],
  "folded-field": [
    { kind: "request", text: post("X: y\r\n z\r\n"), severity: "bad" },
    { kind: "request", text: post("X: y\r\n\tz\r\n"), severity: "bad" },
    { kind: "request", text: "GET / HTTP/1.1\r\n first\r\nHost: a\r\n\r\n", severity: "bad" },
    { kind: "request", text: post(CHUNKED, "0\r\n folded trailer\r\n\r\n"), severity: "bad" },
  ],
  "missing-host": [
    { kind: "request", text: "GET / HTTP/1.1\r\n\r\n", severity: "bad" },
    { kind: "request", text: "GET / HTTP/1.9\r\nHosts: a\r\n\r\n", severity: "bad" },
  ],
  "repeated-host": [
    { kind: "request", text: post("Host: a\r\n"), severity: "bad" },
    { kind: "request", text: post("hOST: b\r\n"), severity: "bad" },
  ],
  "bad-content-length": ["+3", "-3", "3.0", "3e0", "0x3", "3 3", "three", "", "1234567890123456"]
    .map((length) => ({
      kind: "request",
      text: post(`Content-Length: ${length}\r\n`, "abc"),
      severity: "fatal",
    })),
  "repeated-content-length": [
    {
      kind: "request",
      text: post("Content-Length: 3\r\ncontent-length: 3\r\n", "abc"),
      severity: "bad",
    },
    { kind: "request", text: post("Content-Length: 3, 3\r\n", "abc"), severity: "bad" },
    {
      kind: "response",
      text: "HTTP/1.1 200 OK\r\nContent-Length: 1,1\r\n\r\nx",
      severity: "bad",
    },
  ],
  "conflicting-content-length": [
    "Content-Length: 3\r\nContent-Length: 4\r\n",
    "Content-Length: 3, 4\r\n",
    "Content-Length: 3\r\nContent-Length: 03\r\n",
    "Content-Length: 3,\r\n",
  ].map((fields) => ({ kind: "request", text: post(fields, "abc"), severity: "fatal" })),
  "length-and-encoding": [
    {
      kind: "request",
      text: post(`Content-Length: 3\r\n${CHUNKED}`, "1\r\nx\r\n0\r\n\r\n"),
      severity: "bad",
    },
    {
      kind: "response",
      text: `HTTP/1.1 200 OK\r\n${CHUNKED}Content-Length: 3\r\n\r\n0\r\n\r\n`,
      severity: "bad",
    },
  ],
  "unknown-encoding": ["gzip, chunked", "x, y, CHUNKED", ""].map((coding) => ({
    kind: "request",
    text: post(`Transfer-Encoding: ${coding}\r\n`, "0\r\n\r\n"),
    severity: "fatal",
    status: 501,
  })),
  "chunked-not-last": [
    "identity",
    "chunked, gzip",
    "chunked, chunked",
    "xchunked",
    "chunked;q=1",
    '"chunked"',
    "chunk",
  ].map((coding) => ({
    kind: "request",
    text: post(`Transfer-Encoding: ${coding}\r\n`, "0\r\n\r\n"),
    severity: "fatal",
  })),
  "encoding-in-1.0": [
    {
      kind: "request",
      text: request("POST / HTTP/1.0", CHUNKED, "0\r\n\r\n"),
      severity: "bad",
    },
    {
      kind: "response",
      text: `HTTP/1.0 200 OK\r\n${CHUNKED}\r\n0\r\n\r\n`,
      severity: "bad",
    },
  ],
  "bad-chunk-size": [
    "",
    " 1",
    "0x1",
    "+1",
    "-1",
    "g",
    "1 1",
    "1\0",
    "1;\0",
    ";x",
    "1234567890abc",
  ].map((size) => ({
    kind: "request",
    text: post(CHUNKED, `${size}\r\nx\r\n0\r\n\r\n`),
    severity: "fatal",
  })),
  "bad-chunk-end": [
    { kind: "request", text: post(CHUNKED, "1\r\nxy\r\n0\r\n\r\n"), severity: "fatal" },
    { kind: "request", text: post(CHUNKED, "2\r\nxyz\r\n0\r\n\r\n"), severity: "fatal" },
  ],
  "line-too-long": [
    {
      kind: "request",
      text: request(`GET /${"a".repeat(9000)} HTTP/1.1`),
      severity: "fatal",
      status: 414,
    },
    { kind: "request", text: "a".repeat(9000), severity: "fatal", status: 414 },
    {
      kind: "request",
      text: post(`X: ${"a".repeat(9000)}\r\n`),
      severity: "fatal",
      status: 431,
    },
    {
      kind: "request",
      text: post(CHUNKED, `1;${"a".repeat(9000)}\r\n`),
      severity: "fatal",
      status: 431,
    },
    {
      kind: "response",
      text: `HTTP/1.1 200 ${"a".repeat(9000)}\r\n\r\n`,
      severity: "fatal",
      status: 431,
    },
  ],
  "head-too-large": [
    {
      kind: "request",
      text: post(`X: ${"a".repeat(8000)}\r\n`.repeat(9)),
      severity: "fatal",
      status: 431,
    },
    {
      kind: "request",
      text: post(CHUNKED, `0\r\n${`X: ${"a".repeat(8000)}\r\n`.repeat(9)}\r\n`),
      severity: "fatal",
      status: 431,
    },
  ],
  truncated: [
    { kind: "request", text: "GET / HT", severity: "fatal" },
    { kind: "request", text: "GET / HTTP/1.1\r\nHost: a\r\n", severity: "fatal" },
    { kind: "request", text: post("Content-Length: 3\r\n", "ab"), severity: "fatal" },
    { kind: "request", text: post(CHUNKED, "3\r\nab"), severity: "fatal" },
    { kind: "request", text: post(CHUNKED, "3\r\nabc\r\n"), severity: "fatal" },
    { kind: "request", text: post(CHUNKED, "3\r\nabc\r\n0\r\n"), severity: "fatal" },
    {
      kind: "response",
      text: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n",
      severity: "fatal",
    },
  ],
};

const ALL_DEVIANTS = Object.entries(DEVIANTS).flatMap(([code, rows]) =>
  rows.map((row) => ({ code: code as DeviationCode, ...row }))
);

const VALID: readonly { readonly kind: Kind; readonly text: string }[] = [
  { kind: "request", text: GET },
  { kind: "request", text: "GET / HTTP/1.0\r\n\r\n" },
  { kind: "request", text: "GET * HTTP/1.1\r\nHost:\r\nX:\t a \tb\t \r\nY:\xff\r\n\r\n" },
  { kind: "request", text: `${GET}${GET}${post("Content-Length: 5\r\n", "a\r\n\r\n")}${GET}` },
  { kind: "request", text: post("Content-Length: 0\r\n") + GET },
  {
    kind: "request",
    text: post(CHUNKED, "3;a=b\r\n\r\n\0\r\n00a \r\n0123456789\r\n0\r\nT: u\r\nV:\r\n\r\n") + GET,
  },
  { kind: "response", text: `${OK}${OK}` },
  {
    kind: "response",
    text: "HTTP/1.1 301 Moved Permanently\r\nLocation: http://a/\r\n\r\nto the end\n",
  },
  { kind: "response", text: "HTTP/1.1 204 \r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n" + OK },
  {
    kind: "response",
    text: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\n" + OK,
  },
  { kind: "response", text: `HTTP/1.1 200 OK\r\n${CHUNKED}\r\n2\r\nok\r\n0\r\n\r\n${OK}` },
];

for (const { kind, text } of VALID) {
  test(`finds nothing wrong with ${JSON.stringify(text.slice(0, 60))}`, () => {
    const events = parseText(text, { kind, strict: true });
    assert.equal(deviationsOf(events), []);
    assert.ok(headsOf(events).length > 0);
    assert.equal(parseText(text, { kind, strict: false }), events);
  });
}

for (const { code, kind, text, severity, status = 400 } of ALL_DEVIANTS) {
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
  test(`${code} (${severity}): ${kind} ${shown}`, () => {
    const after = code === "truncated" ? "" : kind === "request" ? GET : OK;
    const alone = headsOf(parseText(after, { kind, strict: true }));
    for (const strict of [true, false]) {
      const events = parseText(text + after, { kind, strict });
      const found = deviationsOf(events).find((each) => each.code === code);
      assert.ok(found, `told of ${deviationsOf(events).map((each) => each.code).join(" ")}`);
      assert.is(found.severity, severity);
      assert.is(found.status, status);
      assert.ok(found.detail.length > 0);
      const refuses = severity === "fatal" || (strict && severity === "bad");
      if (refuses) {
        const rest = deviationsOf(events).filter((each) => each.severity !== "tolerated");
        assert.is(rest.length, 1, "a refusal is the only deviation told");
        assert.equal(events.at(-1), { deviation: found }, "nothing comes after a refusal");
      } else {
        assert.equal(headsOf(events).slice(-alone.length), alone, "the next message is read");
        assert.is(completeCount(events), headsOf(events).length);
      }
    }
  });
}

/** Messages of every kind, for the properties that hold of all. */
const MESSAGES = [...VALID, ...ALL_DEVIANTS].filter(({ text }) => text.length < 2000);

test("parses every message alike in one piece, byte by byte and cut in two anywhere", () => {
  for (const { kind, text } of MESSAGES) {
    const bytes = bytesOf(text);
    for (const strict of [true, false]) {
      const whole = parse([bytes], { kind, strict });
      const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
      assert.equal(parse(single, { kind, strict }), whole, `${JSON.stringify(text)} by bytes`);
      for (let at = 0; at <= bytes.length; at += 3) {
        const halves = parse(cut(bytes, [at]), { kind, strict });
        assert.equal(halves, whole, `${JSON.stringify(text)} cut at ${at}`);
      }
    }
  }
});

test("parses every message alike however it is cut", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...[...VALID, ...ALL_DEVIANTS]),
      fc.array(fc.nat(20_000), { maxLength: 12 }),
      fc.boolean(),
      ({ kind, text }, places, strict) => {
        const bytes = bytesOf(text);
        assert.equal(parse(cut(bytes, places), { kind, strict }), parse([bytes], { kind, strict }));
      },
    ),
    { numRuns: 3000 },
  );
});

const SNIPPETS = [
  "GET / HTTP/1.1\r\n",
  "HTTP/1.1 200 OK\r\n",
  "HTTP/1.0 304 x\r\n",
  "HTTP/1.1 100 C\r\n",
  "\r\n",
  "\r\n\r\n",
  "\n",
  "\r",
  " ",
  "\t",
  "\0",
  ":",
  ",",
  "a",
  "Host: a\r\n",
  "Content-Length: 3\r\n",
  "Content-Length: ",
  "9",
  CHUNKED,
  "Transfer-Encoding: ",
  "gzip",
  "3\r\nabc\r\n",
  "0\r\n\r\n",
  "ff",
  "X: y\r\n",
  " folded\r\n",
  "x".repeat(70),
  "\xa0",
  "\xff",
];

/** Noise that gets somewhere: bytes, and pieces of messages in any order. */
const noise: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...SNIPPETS), { maxLength: 30 })
      .map((parts) => bytesOf(parts.join(""))),
  },
);

test("never throws on any bytes, stays within its limits, and says nothing after a refusal", () => {
  const limits = { lineBytes: 64, headBytes: 200 };
  fc.assert(
    fc.property(
      noise,
      fc.array(fc.nat(400), { maxLength: 6 }),
      fc.constantFrom<Kind>("request", "response"),
      fc.boolean(),
      fc.boolean(),
      (bytes, places, kind, strict, bodiless) => {
        const settings = { kind, strict, limits, bodiless };
        const events = parse([bytes], settings);
        assert.equal(parse(cut(bytes, places), settings), events);
        assert.ok(dataOf(events).length <= bytes.length);
        const groups = events.flatMap((event) =>
          "head" in event ? [event.head.fields] : "complete" in event ? [event.complete] : []
        );
        for (const fields of groups) {
          const size = fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
          assert.ok(size <= limits.headBytes, `${size} bytes of fields`);
          for (const { name } of fields) assert.ok(name.length <= limits.lineBytes);
        }
        const fatal = events.findIndex((event) =>
          "deviation" in event &&
          (event.deviation.severity === "fatal" || (strict && event.deviation.severity === "bad"))
        );
        if (fatal >= 0) assert.is(fatal, events.length - 1);
      },
    ),
    { numRuns: 3000 },
  );
});

const TOKEN_CHARS = [..."!#$%&'*+-.^_`|~09azAZ"];
const VALUE_CHARS = [...'\t !"(),/:;<=>?@[\\]{}~azAZ09\x80\xa0\xff'];
const ANY_BYTES = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 40,
});

const token = fc.string({ unit: fc.constantFrom(...TOKEN_CHARS), minLength: 1, maxLength: 12 });
const fieldText = fc.string({ unit: fc.constantFrom(...VALUE_CHARS), maxLength: 20 })
  .map((text) => text.replace(/^[\t ]+|[\t ]+$/g, ""));
const fieldList: fc.Arbitrary<Field[]> = fc.array(
  fc.record({ name: token, value: fieldText }, { noNullPrototype: true }).filter(({ name }) =>
    name.toLowerCase() !== "host"
  ),
  { maxLength: 6 },
);

type Body =
  | { readonly kind: "length"; readonly text: string }
  | { readonly kind: "chunked"; readonly chunks: string[]; readonly trailers: Field[] };

const body: fc.Arbitrary<Body> = fc.oneof(
  fc.record({ kind: fc.constant("length" as const), text: fc.oneof(fc.constant(""), ANY_BYTES) }),
  fc.record({
    kind: fc.constant("chunked" as const),
    chunks: fc.array(ANY_BYTES, { maxLength: 4 }),
    trailers: fieldList,
  }),
);

function framingFields(body: Body): Field[] {
  return body.kind === "chunked"
    ? [{ name: "Transfer-Encoding", value: "chunked" }]
    : [{ name: "Content-Length", value: String(body.text.length) }];
}

function writeBody(body: Body): string {
  if (body.kind === "length") return body.text;
  return body.chunks.map(writeChunk).join("") + writeLastChunk(body.trailers);
}

/** What the parser should tell of a message with this head and body. */
function expected(head: Head, body: Body): Event[] {
  const data = body.kind === "length" ? body.text : body.chunks.join("");
  const trailers = body.kind === "chunked" ? body.trailers : [];
  return [{ head }, ...(data === "" ? [] : [{ data }]), { complete: trailers }];
}

test("reads requests as they were written, in a row and cut anywhere", () => {
  const message = fc.record({
    method: token,
    target: fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((c) => String.fromCharCode(c)),
      minLength: 1,
    }),
    fields: fieldList,
    body,
  });
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(1000), { maxLength: 6 }),
      (messages, places) => {
        let wire = "";
        const events: Event[] = [];
        for (const { method, target, fields: others, body } of messages) {
          const fields = [{ name: "Host", value: "a" }, ...others, ...framingFields(body)];
          wire += writeRequestHead(method, target, fields) + writeBody(body);
          const framing = body.kind === "chunked"
            ? { kind: body.kind }
            : { kind: body.kind, length: body.text.length };
          events.push(
            ...expected({ kind: "request", method, target, minor: 1, fields, framing }, body),
          );
        }
        assert.equal(parse(cut(bytesOf(wire), places), { kind: "request", strict: true }), events);
      },
    ),
    { numRuns: 1500 },
  );
});

test("reads responses as they were written, in a row and cut anywhere", () => {
  const message = fc.record({
    status: fc.integer({ min: 200, max: 999 }).filter((code) => code !== 204 && code !== 304),
    reason: fieldText,
    fields: fieldList,
    body,
  });
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(1000), { maxLength: 6 }),
      (messages, places) => {
        let wire = "";
        const events: Event[] = [];
        for (const { status, reason, fields: others, body } of messages) {
          const fields = [...others, ...framingFields(body)];
          wire += writeResponseHead(status, fields, reason) + writeBody(body);
          const framing = body.kind === "chunked"
            ? { kind: body.kind }
            : { kind: body.kind, length: body.text.length };
          events.push(
            ...expected({ kind: "response", status, reason, minor: 1, fields, framing }, body),
          );
        }
        assert.equal(parse(cut(bytesOf(wire), places), { kind: "response", strict: true }), events);
      },
    ),
    { numRuns: 1500 },
  );
});

const STRICT: Settings = { kind: "request", strict: true };
const ANSWER: Settings = { kind: "response", strict: true };

test("takes a line of exactly the limit and refuses one byte more", () => {
  const limits = { lineBytes: 40, headBytes: 1000 };
  const line = (size: number) => `GET /${"a".repeat(size - 14)} HTTP/1.1`;
  const field = (size: number) => `X: ${"a".repeat(size - 3)}\r\n`;
  const settings = { ...STRICT, limits };
  assert.is(line(40).length, 40);
  assert.equal(deviationsOf(parseText(request(line(40), field(40)), settings)), []);
  const startLine = deviationsOf(parseText(request(line(41)), settings));
  assert.is(startLine[0]?.status, 414);
  assert.match(startLine[0]?.detail ?? "", "40");
  const fieldLine = deviationsOf(parseText(request(line(40), field(41)), settings));
  assert.is(fieldLine[0]?.status, 431);
});

test("takes a head of exactly the limit and refuses one byte more", () => {
  const text = request("GET / HTTP/1.1", "X: y\r\n");
  const settings = (headBytes: number) => ({ ...STRICT, limits: { lineBytes: 40, headBytes } });
  assert.equal(deviationsOf(parseText(text, settings(text.length))), []);
  const [found] = deviationsOf(parseText(text, settings(text.length - 1)));
  assert.is(found?.code, "head-too-large");
  assert.match(found?.detail ?? "", String(text.length - 1));
});

test("counts each message's head for itself, and no body", () => {
  const settings = { ...STRICT, limits: { lineBytes: 40, headBytes: 80 } };
  const chunks = "1\r\nx\r\n".repeat(100);
  const text = GET.repeat(20) + post("Content-Length: 500\r\n", "\n".repeat(500)) +
    post(CHUNKED, `${chunks}0\r\nT: u\r\n\r\n`) + GET;
  const events = parseText(text, settings);
  assert.equal(deviationsOf(events), []);
  assert.is(headsOf(events).length, 23);
  assert.is(dataOf(events).length, 600);
});

test("refuses an endless line as soon as the limit is passed", () => {
  const parser = new Parser<Head>(STRICT, { onHead() {} });
  const piece = Buffer.alloc(1024, "a");
  let taken = 0;
  while (!parser.failed && taken < 1e6) taken += parser.push(piece);
  assert.ok(taken <= DEFAULT_LIMITS.lineBytes + piece.length, `took ${taken} bytes`);
});

test("has no body in the answer to a HEAD, whatever its fields say", () => {
  const heads = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" +
    `HTTP/1.1 200 OK\r\n${CHUNKED}\r\nHTTP/1.1 200 OK\r\n\r\n`;
  const events = parseText(heads, { ...ANSWER, bodiless: true });
  assert.equal(headsOf(events).map(({ framing }) => framing.kind), ["none", "none", "none"]);
  assert.is(completeCount(events), 3);
  assert.equal(deviationsOf(events), []);
});

for (const status of [204, 304]) {
  test(`has no body in a ${status}, whatever its fields say`, () => {
    const events = parseText(`HTTP/1.1 ${status} X\r\nContent-Length: 5\r\n\r\n${OK}`, ANSWER);
    assert.is(headsOf(events).length, 2);
    assert.is(dataOf(events), "ok");
  });
}

test("tells of interim answers, and completes only the final one", () => {
  const interim = "HTTP/1.1 100 Continue\r\nContent-Length: 9\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n";
  const events = parseText(interim + OK, ANSWER);
  assert.equal(headsOf(events).map((head) => head.kind === "response" && head.status), [
    100,
    103,
    200,
  ]);
  assert.is(completeCount(events), 1);
});

test("reads an answer without a length to the end of the connection", () => {
  const events = parseText("HTTP/1.0 200 OK\r\n\r\nall\r\nof it", ANSWER);
  assert.equal(headsOf(events)[0]?.framing, { kind: "close" });
  assert.is(dataOf(events), "all\r\nof it");
  assert.is(completeCount(events), 1);
});

test("has no body in a request without a length", () => {
  assert.equal(headsOf(parseText(GET, STRICT))[0]?.framing, { kind: "none" });
});

test("ends quietly between messages and before the first", () => {
  for (const text of ["", "\r\n", GET, `${GET}\r\n`]) {
    assert.not.ok(
      deviationsOf(parseText(text, STRICT)).some(({ severity }) => severity !== "tolerated"),
    );
  }
});

test("stops after the message that it is told to stop after, and goes on with the next", () => {
  const seen: string[] = [];
  const parser = new Parser<Head>(STRICT, {
    onHead(head) {
      if (head.kind === "request") seen.push(head.method);
      parser.pauseAfterMessage();
    },
    onData: (bytes) => seen.push(Buffer.from(bytes).toString()),
  });
  const first = post("Content-Length: 2\r\n", "ab");
  const bytes = bytesOf(first + GET);
  assert.is(parser.push(bytes), first.length);
  assert.equal(seen, ["POST", "ab"]);
  assert.ok(parser.idle);
  assert.is(parser.push(bytes.subarray(first.length)), GET.length);
  assert.equal(seen, ["POST", "ab", "GET"]);
});

/** Requests that two readers may take for different messages: a strict one reads none. */
const SMUGGLED: readonly [string, string][] = [
  ["both framings, length first", `Content-Length: 6\r\n${CHUNKED}`],
  ["both framings, encoding first", `${CHUNKED}Content-Length: 6\r\n`],
  ["two lengths", "Content-Length: 6\r\nContent-Length: 5\r\n"],
  ["two equal lengths", "Content-Length: 5\r\nContent-Length: 5\r\n"],
  ["a list of lengths", "Content-Length: 5, 6\r\n"],
  ["a length with a plus", "Content-Length: +5\r\n"],
  ["a length with a minus", "Content-Length: -5\r\n"],
  ["a length with a space inside", "Content-Length: 5 0\r\n"],
  ["a length in hexadecimal", "Content-Length: 0x5\r\n"],
  ["a length with a letter", "Content-Length: 5a\r\n"],
  ["a length in quotes", 'Content-Length: "5"\r\n'],
  ["a length after a no-break space", "Content-Length: \xa05\r\n"],
  ["a length after a vertical tab", "Content-Length: \x0b5\r\n"],
  ["a length that no number holds", `Content-Length: ${"9".repeat(30)}\r\n`],
  ["a space before the length's colon", "Content-Length : 5\r\n"],
  ["a tab before the encoding's colon", "Transfer-Encoding\t: chunked\r\n"],
  ["a folded encoding", "Transfer-Encoding:\r\n chunked\r\n"],
  ["a folded field that hides an encoding", "X: y\r\n Transfer-Encoding: chunked\r\n"],
  ["an unknown encoding", "Transfer-Encoding: xchunked\r\n"],
  ["an encoding in quotes", 'Transfer-Encoding: "chunked"\r\n'],
  ["an encoding after a no-break space", "Transfer-Encoding: \xa0chunked\r\n"],
  ["an encoding before a next-line byte", "Transfer-Encoding: chunked\x85\r\n"],
  ["an encoding after a vertical tab", "Transfer-Encoding: \x0bchunked\r\n"],
  ["an encoding with a NUL", "Transfer-Encoding: chunked\0\r\n"],
  ["chunked twice", `${CHUNKED}${CHUNKED}`],
  ["chunked, then identity", `${CHUNKED}Transfer-Encoding: identity\r\n`],
  ["identity", "Transfer-Encoding: identity\r\n"],
  ["an empty encoding", "Transfer-Encoding:\r\n"],
  ["a bare CR before an encoding", "X: y\rTransfer-Encoding: chunked\r\n"],
  ["a bare LF before an encoding", "X: y\nTransfer-Encoding: chunked\r\n"],
  ["a NUL in a name", "Transfer-\0Encoding: chunked\r\n"],
  ["a byte order mark before a name", "\xef\xbb\xbfContent-Length: 5\r\n"],
  ["a leading space before the first field", " Transfer-Encoding: chunked\r\n"],
];

for (const [what, fields] of SMUGGLED) {
  test(`a strict reader reads no request with ${what}`, () => {
    const text =
      `POST / HTTP/1.1\r\nHost: a\r\n${fields}\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n`;
    const events = parseText(text, STRICT);
    assert.equal(headsOf(events), []);
    assert.is(deviationsOf(events).length, 1);
  });
}

test("no reader, strict or lenient, takes odd white space for white space around a framing", () => {
  const odd = ["\xa0", "\x85", "\x0b", "\x0c"];
  for (const space of odd) {
    for (const strict of [true, false]) {
      const settings: Settings = { kind: "request", strict };
      for (
        const field of ["Content-Length: _5", "Content-Length: 5_", "Transfer-Encoding: _chunked"]
      ) {
        const events = parseText(post(`${field.replace("_", space)}\r\n`, "0\r\n\r\n"), settings);
        assert.equal(headsOf(events), [], JSON.stringify(field.replace("_", space)));
      }
    }
  }
});

for (const coding of ["chunked", "CHUNKED", " \tChunked\t ", "chunked,", ", chunked"]) {
  test(`takes Transfer-Encoding ${JSON.stringify(coding)} for chunked`, () => {
    const text = post(`tRANSFER-eNCODING:${coding}\r\n`, "1\r\nx\r\n0\r\n\r\n") + GET;
    const events = parseText(text, STRICT);
    assert.equal(headsOf(events).map(({ framing }) => framing.kind), ["chunked", "none"]);
    assert.is(dataOf(events), "x");
  });
}

test("a lenient reader that is given both framings goes by the encoding", () => {
  const text = post(`Content-Length: 3\r\n${CHUNKED}`, "1\r\nx\r\n0\r\n\r\n") + GET;
  const events = parseText(text, { kind: "request", strict: false });
  assert.equal(headsOf(events).map(({ framing }) => framing.kind), ["chunked", "none"]);
});

test("a lenient reader joins a folded field with one space", () => {
  const events = parseText(post("X: y\r\n\t  z \r\n"), { kind: "request", strict: false });
  assert.equal(headsOf(events)[0]?.fields[1], { name: "X", value: "y z" });
});

test.run();
