import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesOf } from "../engine/bytes.ts";
import { ResponseReader } from "../engine/wire/received.ts";
import type { ReceivedMessage } from "../engine/wire/received.ts";
import { content } from "./content.ts";
import { duplicate, encodingProblem } from "./fields.ts";
import { KeptBytes } from "./kept-bytes.ts";
import { endProblem } from "./play-golden.ts";
import { problemOf } from "./posting.ts";
import { untold } from "./truncated.ts";

type How = "closed" | "silence";

/** What a client has of these bytes when the proxy closes, or says no more. */
function received(
  text: string | Uint8Array,
  how: How = "closed",
  failure?: string,
): ReceivedMessage {
  const reader = new ResponseReader(false);
  reader.push(typeof text === "string" ? bytesOf(text) : text);
  return reader.result(reader.complete ? "complete" : how, failure);
}

const SHORT = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
const UNFINISHED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
const UNFRAMED = "HTTP/1.0 200 OK\r\n\r\nhello";

for (
  const [what, answer] of [
    ["a short body", received(SHORT)],
    ["unfinished chunks", received(UNFINISHED)],
    ["a chunk that is cut", received(UNFINISHED.slice(0, -4))],
    ["no answer", received("")],
    ["a reset", received(UNFRAMED, "closed", "the connection was reset")],
    ["a 502", received("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno")],
    ["a 504", received("HTTP/1.0 504 Gateway Timeout\r\n\r\n")],
  ] as const
) {
  test(`a client can tell by ${what} that the server died`, () => {
    assert.is(untold(answer), undefined);
  });
}

for (
  const [what, answer] of [
    ["a length that is reached", received("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")],
    ["a last chunk", received(`${UNFINISHED}0\r\n\r\n`)],
    ["an orderly close", received(UNFRAMED)],
    ["a 204", received("HTTP/1.1 204 No Content\r\n\r\n")],
    ["waiting", received(SHORT, "silence")],
  ] as const
) {
  test(`a client cannot tell by ${what} that the server died`, () => {
    assert.type(untold(answer), "string");
  });
}

test("an end is told by a length, chunks or a close, and not by silence or less than announced", () => {
  assert.is(endProblem(received(SHORT.replace("9", "5"))), undefined);
  assert.is(endProblem(received(UNFRAMED)), undefined);
  assert.match(endProblem(received(UNFRAMED, "silence")) ?? "", "cannot be told");
  assert.match(endProblem(received(SHORT)) ?? "", "never came");
});

test("a field that is there twice is named, in any case", () => {
  const twice = received("HTTP/1.0 200 OK\r\ndate: a\r\nDate: b\r\n\r\n");
  assert.is(duplicate(twice), "Date is there 2 times: a | b");
  assert.match(
    duplicate(received("HTTP/1.0 200 OK\r\nServer: a\r\nServer: a\r\n\r\n")) ?? "",
    "Server",
  );
  assert.is(duplicate(received("HTTP/1.0 200 OK\r\nServer: a\r\nDate: b\r\n\r\n")), undefined);
  assert.is(duplicate(received("HTTP/1.0 200 OK\r\n\r\n")), undefined);
});

const PLAIN = Buffer.from("hello, hello");

function encoded(body: Uint8Array, ...fields: string[]): ReceivedMessage {
  const head = ["HTTP/1.1 200 OK", ...fields, `Content-Length: ${body.length}`].join("\r\n");
  return received(Buffer.concat([bytesOf(`${head}\r\n\r\n`), body]));
}

test("a body agrees with its Content-Encoding, encoded or not", () => {
  assert.is(encodingProblem(PLAIN, encoded(gzipSync(PLAIN), "Content-Encoding: gzip")), undefined);
  assert.is(encodingProblem(PLAIN, encoded(PLAIN)), undefined);
  assert.is(encodingProblem(PLAIN, encoded(PLAIN, "Content-Encoding: identity")), undefined);
});

test("a decoded body under its old field, or an encoded one without it, does not agree", () => {
  assert.match(
    encodingProblem(PLAIN, encoded(PLAIN, "Content-Encoding: gzip")) ?? "",
    "the body is not",
  );
  assert.match(encodingProblem(PLAIN, encoded(gzipSync(PLAIN))) ?? "", "differs at byte 0");
  const other = gzipSync(Buffer.from("hello, world"));
  assert.match(
    encodingProblem(PLAIN, encoded(other, "Content-Encoding: gzip")) ?? "",
    "differs at byte 7",
  );
});

function arrived(bytes: Uint8Array, complete: boolean) {
  const body = new KeptBytes();
  body.push(bytes);
  return [{ body, complete }];
}

const CREATED = { startLine: "HTTP/1.1 201 Created", status: 201, problem: undefined };
const REFUSED = { startLine: "HTTP/1.1 501 No", status: 501, problem: undefined };
const NOTHING = { startLine: undefined, status: 0, problem: "it fell silent" };

test("a post is forwarded whole or refused", () => {
  assert.is(problemOf(arrived(content(100), true), 100, CREATED), undefined);
  assert.is(problemOf([], 100, REFUSED), undefined);
  assert.is(problemOf(arrived(content(50), false), 100, REFUSED), undefined);
});

test("a post that comes half, changed, or to nothing is a fault", () => {
  assert.match(problemOf(arrived(content(50), true), 100, CREATED) ?? "", "50 of 100 bytes");
  assert.match(problemOf(arrived(content(50), true), 100, REFUSED) ?? "", "50 of 100 bytes");
  assert.match(problemOf(arrived(Buffer.alloc(100), true), 100, CREATED) ?? "", "other bytes");
  assert.match(problemOf(arrived(content(50), false), 100, CREATED) ?? "", "no whole request");
  assert.match(problemOf([], 100, CREATED) ?? "", "no whole request");
  assert.match(problemOf([], 100, NOTHING) ?? "", "it fell silent");
  assert.match(problemOf([], 100, { ...CREATED, status: 200 }) ?? "", "neither");
});

test.run();
