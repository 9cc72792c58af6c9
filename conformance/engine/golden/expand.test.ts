import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesOf, latin1 } from "../bytes.ts";
import { expandBody, expandMessage } from "./expand.ts";
import type { GoldenValues } from "./expand.ts";
import { parseGolden } from "./parse.ts";

const values: GoldenValues = {
  texts: { host: "127.0.0.1:8080" },
  servers: ["127.0.0.1:20001", "127.0.0.1:20002"],
  file: (name) => bytesOf(`{{${name}}}\xff`),
};

function expanded(written: string, raw = false): string {
  const keys = raw ? "# raw\n" : "";
  const { steps } = parseGolden("x.http", `### A title\n${keys}>>>\n${written}\n`);
  return latin1(expandMessage(steps[0]!.alternatives[0]!, raw, values));
}

test("lines of a head end in CR LF, and an empty line as written ends the head", () => {
  assert.is(expanded("GET / HTTP/1.1\nHost: a\n"), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
});

test("without an empty line the head stays open", () => {
  assert.is(expanded("GET / HTTP/1.1\nHost: a"), "GET / HTTP/1.1\r\nHost: a\r\n");
});

test("a body is sent as written, with LF for a line's end", () => {
  assert.is(expanded("A\n\none\ntwo\\x0d"), "A\r\n\r\none\ntwo\r");
});

test("matchers with one value are filled in, in heads and bodies", () => {
  assert.is(
    expanded("GET /{{repeat 3 ab}} HTTP/1.1\nHost: {{host}}\n\n{{server}}"),
    "GET /ababab HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n127.0.0.1:20001",
  );
});

test("the length is that of the body in bytes, files and matchers filled in", () => {
  assert.is(
    expanded("A\nContent-Length: {{length}}\n\n<{{file x}}{{host}}>"),
    "A\r\nContent-Length: 22\r\n\r\n<{{x}}\xff127.0.0.1:8080>",
  );
  assert.is(expanded("A\nContent-Length: {{length}}"), "A\r\nContent-Length: 0\r\n");
});

test("what a file holds is never taken for a matcher", () => {
  assert.is(latin1(expandBody("{{file host}}", values)), "{{host}}\xff");
});

test("a raw message is sent as it stands, with matchers filled in", () => {
  assert.is(expanded("GET /\\x00 {{host}}\\x0d\nX", true), "GET /\0 127.0.0.1:8080\r\nX");
});

test("a matcher that has no one value cannot be sent", () => {
  for (const matcher of ["any", "number", "toString", "repeat x", "hots"]) {
    assert.throws(
      () => expanded(`A: {{${matcher}}}`),
      `{{${matcher}}} has no one value, so it cannot be sent`,
    );
  }
});

test("a listed server that is not there cannot be sent", () => {
  assert.throws(() => expandBody("{{server}}", { ...values, servers: [] }), "has no one value");
});

test.run();
