/** Field lines that come again are not parsed again: no reader may tell. */
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Parser } from "./mod.ts";
import type { Head } from "./mod.ts";

/** Heads that have fields in common with others, or all but: beginnings, ends, another version or status. */
const FIELDS = [
  "Host: a\r\n\r\n",
  "Host: a\r\nX: 1\r\n\r\n",
  "Host: a\r\nContent-Length: 2\r\n\r\n",
  "Host: a\r\nContent-Length: 22\r\n\r\n",
  "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n",
  "Host: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n",
  "Host: a\nContent-Length: 2\r\n\r\n",
  "Host: a\r\nContent-Length: 2\r\n X: folded\r\n\r\n",
  `Host: a\r\nX: ${"x".repeat(900)}\r\nContent-Length: 2\r\n\r\n`,
  "\r\n",
];
const REQUEST_LINES = [
  "GET / HTTP/1.1",
  "POST /longer HTTP/1.1",
  "GET / HTTP/1.0",
  "\r\nGET / HTTP/1.1",
];
const STATUS_LINES = ["200 OK", "404 Not Found", "304 Not Modified", "103 Early", "204 None"];

/** A head with the body that it announces. */
function message(line: string, fields: string): string {
  const length = Number(/Content-Length: (\d+)/.exec(fields)?.[1] ?? 0);
  const body = fields.includes("chunked") ? "2\r\nab\r\n0\r\n\r\n" : "y".repeat(length);
  return `${line}\r\n${fields}${body}`;
}

/** What each message gives, with one parser for all of them or one for each. */
function eventsOf(kind: "request" | "response", messages: readonly string[], anew: boolean) {
  const events: string[] = [];
  let parser: Parser<Head> | undefined;
  const start = () =>
    new Parser<Head>({ kind, strict: false }, {
      onHead: (head) => events.push(JSON.stringify(head)),
      onData: (bytes) => events.push(Buffer.from(bytes).toString("latin1")),
      onComplete: (trailers) => events.push(`complete ${trailers.length}`),
      onDeviation: ({ code }) => events.push(code),
    });
  for (const text of messages) {
    if (anew || !parser || parser.failed) parser = start();
    parser.push(Buffer.from(text, "latin1"));
    if (anew) continue;
    // A message that did not become whole takes the next one for its body.
    if (!parser.idle) parser = undefined;
  }
  return events;
}

test("requests with the same field lines are read as if each were the first", () => {
  const one = fc.tuple(fc.constantFrom(...REQUEST_LINES), fc.constantFrom(...FIELDS))
    .map(([line, fields]) => message(line, fields));
  fc.assert(
    fc.property(fc.array(one, { minLength: 2, maxLength: 8 }), (messages) => {
      assert.equal(eventsOf("request", messages, false), eventsOf("request", messages, true));
    }),
    { numRuns: 500 },
  );
});

test("answers with the same field lines are read as if each were the first", () => {
  const one = fc.tuple(fc.constantFrom(...STATUS_LINES), fc.constantFrom(...FIELDS.slice(0, -1)))
    .map(([line, fields]) =>
      message(
        `HTTP/1.1 ${line}`,
        fields.includes("Content") || fields.includes("chunked")
          ? fields
          : `Content-Length: 0\r\n${fields}`,
      )
    )
    .filter((text) =>
      !/ (?:103|204|304) /.test(text) || !/[yb]/.test(text.split("\r\n\r\n")[1] ?? "")
    );
  fc.assert(
    fc.property(fc.array(one, { minLength: 2, maxLength: 8 }), (messages) => {
      assert.equal(eventsOf("response", messages, false), eventsOf("response", messages, true));
    }),
    { numRuns: 500 },
  );
});

test("the same fields mean another body after a HEAD, and after another status", () => {
  const heads: Head[] = [];
  let bodies = "";
  const parser = new Parser<Head>({ kind: "response", strict: false, bodiless: false }, {
    onHead: (head) => heads.push(head),
    onData: (bytes) => bodies += Buffer.from(bytes).toString("latin1"),
  });
  const fields = "Content-Length: 2\r\n\r\n";
  parser.push(Buffer.from(`HTTP/1.1 200 OK\r\n${fields}ab`));
  parser.bodiless = true;
  parser.push(Buffer.from(`HTTP/1.1 200 OK\r\n${fields}`));
  parser.bodiless = false;
  parser.push(Buffer.from(`HTTP/1.1 304 OK\r\n${fields}`));
  parser.push(Buffer.from(`HTTP/1.1 200 OK\r\n${fields}cd`));
  assert.equal(heads.map(({ framing }) => framing.kind), ["length", "none", "none", "length"]);
  assert.is(bodies, "abcd");
});

test("repeated fields count towards the limit of a head", () => {
  const limits = { lineBytes: 200, headBytes: 60 };
  const found: string[] = [];
  const parser = new Parser<Head>({ kind: "request", strict: true, limits }, {
    onHead: () => found.push("head"),
    onDeviation: ({ code }) => found.push(code),
  });
  const fields = "Host: a\r\nX: 3456789012345\r\n\r\n";
  parser.push(Buffer.from(`GET / HTTP/1.1\r\n${fields}`));
  parser.push(Buffer.from(`GET /${"a".repeat(40)} HTTP/1.1\r\n${fields}`));
  assert.equal(found, ["head", "head-too-large"]);
});

test.run();
