import { test } from "uvu";
import * as assert from "uvu/assert";
import { Http1Error, writeChunk, writeFields, writeLastChunk } from "./mod.ts";
import { writeRequestHead, writeResponseHead } from "./mod.ts";

test("writes a request's head", () => {
  const head = writeRequestHead("GET", "/a?b", [{ name: "Host", value: "c" }]);
  assert.is(head, "GET /a?b HTTP/1.1\r\nHost: c\r\n\r\n");
  assert.is(writeRequestHead("GET", "*", [], 0), "GET * HTTP/1.0\r\n\r\n");
});

test("writes a response's head, with the reason that belongs to the status", () => {
  const fields = [{ name: "Location", value: "http://a/" }];
  assert.is(
    writeResponseHead(301, fields),
    "HTTP/1.1 301 Moved Permanently\r\nLocation: http://a/\r\n\r\n",
  );
  assert.is(writeResponseHead(299, []), "HTTP/1.1 299 \r\n\r\n");
  assert.is(writeResponseHead(200, [], "Fine", 0), "HTTP/1.0 200 Fine\r\n\r\n");
});

test("writes chunks with their size in hexadecimal, and trailers at the end", () => {
  assert.is(writeChunk("0123456789abcdef"), "10\r\n0123456789abcdef\r\n");
  assert.is(writeLastChunk(), "0\r\n\r\n");
  assert.is(writeLastChunk([{ name: "A", value: "" }]), "0\r\nA: \r\n\r\n");
});

/** What is refused, and the value that the message has to show. */
const REFUSED: readonly [string, () => string, string][] = [
  ["a method with a space", () => writeRequestHead("GE T", "/", []), "GE T"],
  ["an empty method", () => writeRequestHead("", "/", []), '""'],
  ["a method with a line end", () => writeRequestHead("GET\r\n", "/", []), "GET\\r\\n"],
  ["an empty target", () => writeRequestHead("GET", "", []), '""'],
  ["a target with a space", () => writeRequestHead("GET", "/a b", []), "/a b"],
  ["a target with a line end", () => writeRequestHead("GET", "/\r\nX: y", []), "/\\r\\nX: y"],
  ["a target beyond ASCII", () => writeRequestHead("GET", "/\xe9", []), "/\xe9"],
  ["a status below 100", () => writeResponseHead(99, []), "99"],
  ["a status above 999", () => writeResponseHead(1000, []), "1000"],
  ["a status with a fraction", () => writeResponseHead(200.5, []), "200.5"],
  ["a reason with a line end", () => writeResponseHead(200, [], "OK\r\nX: y"), "OK\\r\\nX: y"],
  ["an empty name", () => writeFields([{ name: "", value: "x" }]), '""'],
  ["a name with a colon", () => writeFields([{ name: "A:", value: "x" }]), "A:"],
  ["a name with a space", () => writeFields([{ name: "A ", value: "x" }]), "A "],
  [
    "a value with a line end",
    () => writeFields([{ name: "A", value: "x\r\nB: c" }]),
    "x\\r\\nB: c",
  ],
  ["a value with a bare CR", () => writeFields([{ name: "A", value: "x\ry" }]), "x\\ry"],
  ["a value with a NUL", () => writeFields([{ name: "A", value: "x\0" }]), "x\\u0000"],
  ["a value with outer white space", () => writeFields([{ name: "A", value: " x" }]), " x"],
  ["a value beyond Latin-1", () => writeFields([{ name: "A", value: "\u20ac" }]), "\u20ac"],
  ["a bad trailer", () => writeLastChunk([{ name: "A", value: "\n" }]), "\\n"],
];

for (const [what, write, shown] of REFUSED) {
  test(`refuses ${what}, and shows it`, () => {
    try {
      write();
    } catch (error) {
      assert.instance(error, Http1Error);
      assert.is((error as Http1Error).code, "not-writable");
      assert.ok((error as Http1Error).message.includes(shown), (error as Http1Error).message);
      return;
    }
    assert.unreachable(`${what} was written`);
  });
}

test("refuses an empty chunk, which would end the body", () => {
  assert.throws(() => writeChunk(""), (error: Http1Error) => error.code === "empty-chunk");
});

test.run();
