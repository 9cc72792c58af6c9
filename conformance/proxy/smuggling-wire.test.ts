import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesOf } from "../engine/bytes.ts";
import { readRequests, readResponses } from "./smuggling-readers.ts";

const HOST = "Host: a";

function request(fields: readonly string[], body = "", line = "POST / HTTP/1.1"): string {
  return `${[line, HOST, ...fields].join("\r\n")}\r\n\r\n${body}`;
}

function ok(fields: readonly string[], body = "", line = "HTTP/1.1 200 OK"): string {
  return `${[line, ...fields].join("\r\n")}\r\n\r\n${body}`;
}

const requests = (text: string) => readRequests(bytesOf(text));

for (
  const [what, text, body] of [
    ["no body", request([]), ""],
    ["a length", request(["Content-Length: 5"], "hello"), "hello"],
    [
      "chunks",
      request(["Transfer-Encoding: chunked"], "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n"),
      "hello",
    ],
    [
      "trailers",
      request(["transfer-encoding: Chunked"], "5\r\nhello\r\n0\r\nX: a\r\n\r\n"),
      "hello",
    ],
    ["a name that is no token", request(["X(Odd): a", "X Odd: b", "Content-Length: 1"], "a"), "a"],
    ["gzip, chunked", request(["Transfer-Encoding: gzip, chunked"], "1\r\na\r\n0\r\n\r\n"), "a"],
  ] as const
) {
  test(`requests with ${what} follow each other`, () => {
    const { messages, deviation } = requests(text + text);
    assert.is(deviation, undefined);
    assert.equal(messages.map((message) => message.body), [body, body]);
    assert.ok(messages.every(({ whole }) => whole));
  });
}

for (
  const [what, text] of [
    ["LF alone", request(["X: a"]).replace("a\r\n", "a\n")],
    ["a bare CR", request(["X: a\rb"])],
    ["a line without a colon", request(["X"])],
    ["white space before a colon", request(["X : a"])],
    ["a line without a name", request([": a"])],
    ["a control character in a name", request(["X\x01Odd: a"])],
    ["what is nearly a length", request(["Content Length: 1"], "a")],
    ["what is nearly a coding", request(["Transfer-Encoding\xa0: chunked"])],
    ["another Host than the target's", request([], "", "GET http://b/ HTTP/1.1")],
    ["two lengths", request(["Content-Length: 1", "Content-Length: 1"], "a")],
    ["a list of lengths", request(["Content-Length: 1, 1"], "a")],
    ["a signed length", request(["Content-Length: +1"], "a")],
    ["both framings", request(["Content-Length: 5", "Transfer-Encoding: chunked"], "0\r\n\r\n")],
    ["an unknown coding", request(["Transfer-Encoding: xchunked"])],
    ["chunked twice", request(["Transfer-Encoding: chunked, chunked"])],
    ["chunked after a vertical tab", request(["Transfer-Encoding: \x0bchunked"])],
    ["chunks in HTTP/1.0", request(["Transfer-Encoding: chunked"], "", "POST / HTTP/1.0")],
    ["two spaces in the first line", request([], "", "GET  / HTTP/1.1")],
    ["another version", request([], "", "PRI * HTTP/2.0")],
    ["a chunk size with 0x", request(["Transfer-Encoding: chunked"], "0x1\r\na\r\n0\r\n\r\n")],
    ["a chunk size with a space", request(["Transfer-Encoding: chunked"], "1 \r\na\r\n0\r\n\r\n")],
    ["chunk data too long", request(["Transfer-Encoding: chunked"], "1\r\nab\r\n0\r\n\r\n")],
    ["LF after chunk data", request(["Transfer-Encoding: chunked"], "1\r\na\n0\r\n\r\n")],
    ["LF in a chunk extension", request(["Transfer-Encoding: chunked"], "1;\na\r\n0\r\n\r\n")],
  ] as const
) {
  test(`${what} is no strict request, and the one before stays`, () => {
    const { messages, deviation } = requests(request([]) + text);
    assert.type(deviation, "string");
    assert.is(messages.length, 1);
  });
}

test("a message that has not come to its end is not whole, and nothing is wrong with it", () => {
  const text = request(["Transfer-Encoding: chunked"], "5\r\nhello\r\n0\r\n\r\n");
  for (let length = 1; length < text.length; length++) {
    const { messages, deviation } = requests(text.slice(0, length));
    assert.is(deviation, undefined, `${length}`);
    assert.ok(messages.every(({ whole }) => !whole), `${length}`);
  }
});

test("an answer without a framing ends with the connection", () => {
  const bytes = bytesOf(ok([], "hello"));
  assert.is(readResponses(bytes, "GET", false).messages[0]?.whole, false);
  assert.is(readResponses(bytes, "GET", true).messages[0]?.whole, true);
});

for (
  const [what, method, line] of [
    ["to HEAD", "HEAD", "HTTP/1.1 200 OK"],
    ["204", "GET", "HTTP/1.1 204 No Content"],
    ["304", "GET", "HTTP/1.1 304 Not Modified"],
    ["103", "GET", "HTTP/1.1 103 Early Hints"],
  ] as const
) {
  test(`an answer ${what} has no body, so that what follows is the next`, () => {
    const bytes = bytesOf(ok(["Content-Length: 9"], ok(["Content-Length: 0"]), line));
    const { messages, deviation } = readResponses(bytes, method, true);
    assert.is(deviation, undefined);
    assert.equal(messages.map(({ framing }) => framing)[0], "none");
    assert.is(messages.length, 2);
  });
}

test.run();
