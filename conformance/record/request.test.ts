import { test } from "uvu";
import * as assert from "uvu/assert";
import { BadRequest, requestFileLines, requestLines } from "./request.ts";

test("completes a request with its version, Host and Connection", () => {
  assert.equal(requestLines("GET /page.html", ["X-A: b"]), [
    "GET /page.html HTTP/1.1",
    "Host: {{host}}",
    "X-A: b",
    "Connection: close",
    "",
  ]);
});

test("keeps the version and the fields that are given", () => {
  const fields = ["host: elsewhere", "CONNECTION: keep-alive"];
  assert.equal(requestLines("GET / HTTP/1.0", fields), ["GET / HTTP/1.0", ...fields, ""]);
});

test("writes what is not ASCII as the bytes of its UTF-8", () => {
  assert.is(requestLines("GET /h\u00f6he", [])[0], "GET /h\\xc3\\xb6he HTTP/1.1");
});

test("reads a request from a file, its lines ended by LF or CR LF", () => {
  assert.equal(requestFileLines("a", "POST / HTTP/1.1\r\nHost: x\r\n\r\nbody"), [
    "POST / HTTP/1.1",
    "Host: x",
    "",
    "body",
  ]);
  assert.equal(requestFileLines("a", "GET / HTTP/1.1\n\n"), ["GET / HTTP/1.1", ""]);
});

const REFUSED: readonly [() => unknown, RegExp][] = [
  [() => requestLines("GET", []), /"GET" is not METHOD/],
  [() => requestLines("GET /a b", []), /%20/],
  [() => requestLines("GET /", ["no colon"]), /"no colon" is not Name: value/],
  [() => requestLines("GET /", ["A: b\nC: d"]), /is not Name: value/],
  [() => requestFileLines("a.http", "GET / HTTP/1.1\nHost: x\n"), /a\.http has no empty line/],
  [() => requestFileLines("a.http", "GET / HTTP/1.1\n\n<<<\n"), /"<<<"/],
];

for (const [read, told] of REFUSED) {
  test(`refuses, and says ${told.source}`, () => {
    assert.throws(read, (error: Error) => error instanceof BadRequest && told.test(error.message));
  });
}

test.run();
