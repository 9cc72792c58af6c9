import { test } from "uvu";
import * as assert from "uvu/assert";
import { Buffer } from "node:buffer";
import { bytesOf, latin1 } from "../bytes.ts";
import { readRequest, ResponseReader } from "./received.ts";
import type { ReceivedMessage } from "./received.ts";

type How = "complete" | "closed" | "silence";

function read(text: string, how: How, bodiless = false): ReceivedMessage & { rest: string } {
  const reader = new ResponseReader(bodiless);
  const rest = text ? latin1(reader.push(bytesOf(text))) : "";
  if (how === "complete") assert.ok(reader.complete, "not complete");
  return { ...reader.result(how), rest };
}

/** An answer, how reading it ended, and what is made of it. */
const ANSWERS: readonly (readonly [
  string,
  string,
  How,
  Partial<Record<keyof ReceivedMessage, unknown>> & { body: string },
])[] = [
  ["by its length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "complete", {
    end: "length",
    status: 200,
    startLine: "HTTP/1.1 200 OK",
    problem: undefined,
    body: "hi",
  }],
  [
    "chunked",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3\r\n ho\r\n0\r\n\r\n",
    "complete",
    { end: "chunked", problem: undefined, body: "hi ho" },
  ],
  ["by the close", "HTTP/1.0 200 OK\r\n\r\nhi", "closed", {
    end: "close",
    problem: undefined,
    body: "hi",
  }],
  ["without a body", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "complete", {
    end: "none",
    status: 304,
    body: "",
  }],
  ["after an interim answer", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n", "complete", {
    end: "none",
    startLine: "HTTP/1.1 204 No",
    status: 204,
    body: "",
  }],
  ["cut short", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", "closed", {
    end: "truncated",
    status: 200,
    body: "hi",
  }],
  [
    "cut in a chunk",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi",
    "closed",
    { end: "truncated", body: "hi" },
  ],
  ["cut in the head", "HTTP/1.1 200 OK\r\nContent-Le", "closed", {
    end: "truncated",
    status: 0,
    startLine: undefined,
    body: "",
  }],
  ["silent in the body", "HTTP/1.1 200 OK\r\n\r\nhi", "silence", { end: "silence", body: "hi" }],
  ["silent from the start", "", "silence", {
    end: "silence",
    problem: "it fell silent without an answer",
    body: "",
  }],
  ["closed from the start", "", "closed", {
    end: "truncated",
    problem: "the connection was closed without an answer",
    body: "",
  }],
];

for (const [name, text, how, expected] of ANSWERS) {
  test(`reads an answer that ends ${name}`, () => {
    const got = read(text, how);
    for (const [field, value] of Object.entries(expected)) {
      const found = got[field as keyof ReceivedMessage];
      assert.equal(field === "body" ? latin1(found as Uint8Array) : found, value, field);
    }
    assert.is(latin1(got.raw), text);
  });
}

test("an answer that is cut short says so", () => {
  for (const text of ["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", "HTTP/1.1 200 O"]) {
    assert.type(read(text, "closed").problem, "string", text);
  }
});

test("garbage is not an answer, and is kept as it came", () => {
  const got = read("<html>no head</html>\r\n\r\n", "closed");
  assert.is(got.startLine, undefined);
  assert.is(got.status, 0);
  assert.is(got.end, "truncated");
  assert.type(got.problem, "string");
  assert.match(latin1(got.raw), /^<html>/);
});

test("an answer to HEAD has no body, whatever its length says", () => {
  const got = read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "complete", true);
  assert.is(got.end, "none");
  assert.is(got.body.length, 0);
});

test("the bytes of the next answer are left", () => {
  const one = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  const got = read(`${one}HTTP/1.1 404`, "complete");
  assert.is(got.rest, "HTTP/1.1 404");
  assert.is(latin1(got.raw), one);
});

test("a failure of the connection is the problem where nothing else is", () => {
  const reader = new ResponseReader(false);
  assert.is(reader.result("closed", "reset by peer").problem, "reset by peer");
});

test("an answer may come byte by byte", () => {
  const text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
  const reader = new ResponseReader(false);
  for (const [i, byte] of bytesOf(text).entries()) {
    assert.not(reader.complete, `complete after ${i} bytes`);
    reader.push(Buffer.from([byte]));
  }
  assert.ok(reader.complete);
  assert.is(latin1(reader.result("complete").body), "hi");
});

test("only a body without a framing waits for the close", () => {
  const waits = (text: string) => {
    const reader = new ResponseReader(false);
    reader.push(bytesOf(text));
    return reader.awaitsClose;
  };
  assert.ok(waits("HTTP/1.1 200 OK\r\n\r\n"));
  assert.not(waits("HTTP/1.1 200 OK\r\n"));
  assert.not(waits("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh"));
});

test("bare LF in a head is read, and noted", () => {
  const got = read("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "complete");
  assert.is(got.status, 200);
  assert.is(latin1(got.body), "hi");
  assert.ok(got.deviations.length > 0, "no deviation noted");
});

test("a request is there when its empty line is", () => {
  const text = "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n";
  assert.is(readRequest(bytesOf(text.slice(0, -1))), undefined);
  const seen = readRequest(bytesOf(`${text}GET /next`))!;
  assert.is(latin1(seen.raw), text);
  assert.equal([seen.method, seen.target, seen.version], ["GET", "/a?b", "HTTP/1.1"]);
  assert.equal(seen.fields.map(({ name, value }) => [name, value]), [["Host", "x"]]);
});

test("requests of strangers are taken: bare LF, no version, an odd method", () => {
  const bare = readRequest(bytesOf("GET / HTTP/1.0\nHost: x\n\n"))!;
  assert.equal([bare.method, bare.version, bare.fields[0]?.value], ["GET", "HTTP/1.0", "x"]);
  const short = readRequest(bytesOf("GET page.html\r\n\r\n"))!;
  assert.equal([short.method, short.target, short.version], ["GET", "page.html", ""]);
  assert.is(readRequest(bytesOf("FETCH / HTTP/1.1\r\n\r\n"))!.method, "FETCH");
});

test.run();
