import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesOf } from "../bytes.ts";
import type { ReceivedMessage } from "../wire/received.ts";
import { ResponseReader } from "../wire/received.ts";
import type { GoldenValues } from "./expand.ts";
import { differenceOf, mismatch, textMatches } from "./match.ts";
import { parseGolden } from "./parse.ts";

const values: GoldenValues = {
  texts: { host: "127.0.0.1:8080", dead: "127.0.0.1:9" },
  servers: ["127.0.0.1:20001", "example.org:20002"],
  file: (name) => bytesOf(`bytes of ${name}`),
};

function received(text: string): ReceivedMessage {
  const reader = new ResponseReader(false);
  if (text) reader.push(bytesOf(text));
  return reader.result(reader.complete ? "complete" : "closed");
}

/** Lines of a golden's message against the text of an answer. */
function reason(written: string, answer: string): string | undefined {
  const golden = parseGolden("x.http", `### A title\n<<<\n${written}\n`);
  return mismatch(golden.steps[0]!.alternatives[0]!, received(answer), values);
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Two: 2\r\nx-one: 1\r\n\r\nhi";

test("fields match in any order, with names in any case, beside others", () => {
  assert.is(reason("HTTP/1.1 200 OK\nX-ONE: 1\nContent-Length: {{length}}\n\nhi", OK), undefined);
});

test("the version may be 1.0 or 1.1, the rest of the first line is exact", () => {
  const old = "HTTP/1.0 200 OK\r\n\r\n";
  assert.is(reason("HTTP/1.1 200 OK", old), undefined);
  assert.is(reason("HTTP/1.1 200 {{any}}", "HTTP/1.1 200 Fine\r\n\r\n"), undefined);
  assert.is(
    reason("HTTP/1.1 301 Moved Permanently", OK),
    'the first line is "HTTP/1.1 200 OK", not "HTTP/1.1 301 Moved Permanently"',
  );
});

test("a field that is missing or differs is named with both values", () => {
  assert.is(reason("HTTP/1.1 200 OK\nServer: x", OK), "the field Server is missing");
  assert.is(reason("HTTP/1.1 200 OK\nX-One: 2", OK), 'X-One is "1", not "2"');
});

test("of a field that comes twice one must match", () => {
  const twice = "HTTP/1.1 200 OK\r\nA: 1\r\nA: 2\r\nContent-Length: 0\r\n\r\n";
  assert.is(reason("HTTP/1.1 200 OK\nA: 2", twice), undefined);
  assert.is(reason("HTTP/1.1 200 OK\nA: 3", twice), 'A is "1", not "3"');
});

test("absent, optional and length are told apart", () => {
  assert.is(reason("HTTP/1.1 200 OK\nServer: {{absent}}", OK), undefined);
  assert.is(
    reason("HTTP/1.1 200 OK\nX-Two: {{absent}}", OK),
    "the field X-Two must not be there",
  );
  assert.is(reason("HTTP/1.1 200 OK\nServer: {{optional}}\nX-Two: {{optional}}", OK), undefined);
  const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Length: 7\r\n\r\n" +
    "2\r\nhi\r\n0\r\n\r\n";
  assert.is(reason("HTTP/1.1 200 OK\nX-Length: {{length}}", chunked), 'X-Length is "7", not "2"');
});

test("each matcher takes what it stands for and nothing else", () => {
  const table: readonly (readonly [string, string[], string[]])[] = [
    ["{{any}}", ["", "x y\nz"], []],
    ["a{{any}}z", ["az", "a-z"], ["a", "za"]],
    ["{{number}}", ["0", "42"], ["", "-1", "4.2", "x"]],
    ["{{date}}", ["Sun, 06 Nov 1994 08:49:37 GMT"], [
      "Sunday, 06-Nov-94 08:49:37 GMT",
      "Sun Nov  6 08:49:37 1994",
      "Sun, 6 Nov 1994 08:49:37 GMT",
    ]],
    ["{{server}}", ["127.0.0.1:20001", "localhost:20001", "example.org:20002"], [
      "127.0.0.1:20002",
      "127.0.0.1:2000",
      "examplezorg:20002",
    ]],
    ["{{host}}", ["127.0.0.1:8080", "localhost:8080"], ["127.0.0.1:80", "LOCALHOST:8080"]],
    ["{{dead}}", ["127.0.0.1:9", "localhost:9"], ["127.0.0.1:8080"]],
    ["{{oneof close|keep-alive}}", ["close", "keep-alive"], ["closed", ""]],
    ["http://{{server}}/a(b)?", ["http://localhost:20001/a(b)?"], ["http://localhost:20001/a"]],
    ["plain.text", ["plain.text"], ["plain-text"]],
  ];
  for (const [pattern, right, wrong] of table) {
    for (const text of right) assert.ok(textMatches(pattern, text, values), `${pattern}: ${text}`);
    for (const text of wrong) {
      assert.not(textMatches(pattern, text, values), `${pattern}: ${text}`);
    }
  }
});

test("a matcher that is none is an error that names it", () => {
  assert.throws(() => textMatches("{{nmber}}", "1", values), "{{nmber}} is no matcher");
  assert.throws(() => textMatches("{{toString}}", "1", values), "{{toString}} is no matcher");
});

test("a close is allowed only where nothing came", () => {
  assert.is(reason("{{close}}", ""), undefined);
  assert.is(reason("{{close}}", OK), "an answer came where a close was allowed");
  assert.is(reason("HTTP/1.1 200 OK", ""), "the connection was closed without an answer");
});

test("a body without an empty line as written, or any, is not judged", () => {
  assert.is(reason("HTTP/1.1 200 OK", OK), undefined);
  assert.is(reason("HTTP/1.1 200 OK\n\n{{any}}", OK), undefined);
  assert.match(reason("HTTP/1.1 200 OK\n\n", OK) ?? "", /^the content differs at byte 0/);
});

test("bodies match by file, by tags, by what they lack and by pattern", () => {
  const answer = (body: string) =>
    `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const body = (written: string, text: string) =>
    reason(`HTTP/1.1 200 OK\n\n${written}`, answer(text));
  assert.is(body("{{file a.txt}}", "bytes of a.txt"), undefined);
  assert.is(body("<{{file a.txt}}>", "<bytes of a.txt>"), undefined);
  assert.is(
    body("{{file a.txt}}", "bytes of b.txt"),
    'the content differs at byte 9 (both 14 bytes): "b.txt" came, not "a.txt"',
  );
  assert.is(body("{{html}}", "text <h1>Moved</h1>"), undefined);
  assert.is(body("{{html}}", "1 < 2"), "the body holds no HTML");
  assert.is(body("{{without secret}}", "nothing"), undefined);
  assert.is(body("{{without secret}}", "a secret"), 'the body holds "secret"');
  assert.is(body("Moved to {{server}}", "Moved to localhost:20001"), undefined);
  assert.is(body("Moved to {{server}}", "Moved to nowhere"), "the body differs");
});

test("a difference is told with its place, the sizes, both sides and the reason", () => {
  const difference = (expected: string, actual: string, problem?: string) =>
    differenceOf(bytesOf(expected), bytesOf(actual), problem);
  assert.is(difference("same", "same"), undefined);
  assert.is(difference("same", "same", "a problem"), undefined);
  assert.is(
    difference("abc", "ab"),
    'the content differs at byte 2 (2 bytes, not 3): its end came, not "c"',
  );
  assert.is(
    difference("ab", "ab\nc\xff"),
    'the content differs at byte 2 (5 bytes, not 2): "\\x0ac\\xff" came, not its end',
  );
  assert.match(difference("a", "", "the connection broke") ?? "", /; the connection broke$/);
});

test.run();
