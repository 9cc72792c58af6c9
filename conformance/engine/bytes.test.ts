import { test } from "uvu";
import * as assert from "uvu/assert";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import {
  bytesOf,
  escapeBody,
  escapeHead,
  escapeMessage,
  latin1,
  sha256,
  unescape,
} from "./bytes.ts";

test("text and bytes are one to one, also where the bytes are part of a larger buffer", () => {
  fc.assert(fc.property(fc.uint8Array(), fc.nat(5), (bytes, skipped) => {
    const part = bytes.subarray(skipped);
    assert.equal(new Uint8Array(bytesOf(latin1(part))), new Uint8Array(part));
  }));
});

test("an escaped body is printable, and unescapes to the same bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    const escaped = escapeBody(bytes);
    assert.match(escaped, /^[\n\x20-\x7e]*$/);
    assert.equal(bytesOf(unescape(escaped)), Buffer.from(bytes));
  }));
});

test("every single byte is escaped as golden files have it", () => {
  assert.is(escapeBody(bytesOf("a\\b\r\n\0\x7f\xff~")), "a\\\\b\\x0d\n\\x00\\x7f\\xff~");
});

test("in a head CR LF is a line's end, and a LF or CR alone is shown", () => {
  assert.is(escapeHead(bytesOf("A: b\r\nC: d\r\n\r\n")), "A: b\nC: d\n\n");
  assert.is(escapeHead(bytesOf("A: b\nC: d\r\n")), "A: b\\x0a\nC: d\n");
  assert.is(escapeHead(bytesOf("A: \rb\\\xe9")), "A: \\x0db\\\\\\xe9");
});

test("heads of any bytes are printable, and different heads look different", () => {
  const head = fc.array(fc.constantFrom("\r", "\n", "\r\n", "\\", "x", "a"), { maxLength: 8 })
    .map((parts) => parts.join(""));
  const seen = new Map<string, string>();
  fc.assert(fc.property(head, (text) => {
    const escaped = escapeHead(bytesOf(text));
    assert.match(escaped, /^[\n\x20-\x7e]*$/);
    assert.is(seen.get(escaped) ?? text, text);
    seen.set(escaped, text);
  }));
});

test("in a message the rules change at the end of the head", () => {
  const message = "HTTP/1.1 200 OK\r\n\r\none\r\ntwo\n";
  assert.is(escapeMessage(bytesOf(message)), "HTTP/1.1 200 OK\n\none\\x0d\ntwo\n");
  assert.is(escapeMessage(bytesOf("HTTP/1.1 200 OK\r\nA: b")), "HTTP/1.1 200 OK\nA: b");
});

test("a long message is cut, and its size and digest are told", () => {
  const message = bytesOf(`HTTP/1.1 200 OK\r\n\r\n${"a".repeat(100_000)}`);
  const escaped = escapeMessage(message);
  assert.ok(escaped.length < 66_000, `${escaped.length} characters`);
  const digest = sha256(message);
  assert.ok(escaped.endsWith(`\n... cut; ${message.length} bytes in all, SHA-256 ${digest}`));
});

test("the digest is SHA-256", () => {
  assert.is(
    sha256(bytesOf("abc")),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("an escape that is none is an error that names it", () => {
  for (const [text, named] of [["\\n", '"\\\\n"'], ["\\xg0", '"\\\\x"'], ["end\\", '"\\\\"']]) {
    assert.throws(() => unescape(text as string), (error: Error) => {
      assert.instance(error, SyntaxError);
      assert.is(
        error.message,
        `${named} is no escape; write \\xHH for a byte, \\\\ for a backslash`,
      );
      return true;
    });
  }
});

test.run();
