import { test } from "uvu";
import * as assert from "uvu/assert";
import { latin1 } from "../engine/bytes.ts";
import { fixture } from "../engine/fixtures.ts";
import { RecordError } from "./error.ts";
import { inferMessage } from "./infer.ts";
import { pair } from "./test-kit.ts";

/** One field in both recordings, and the value that a golden states. */
const FIELDS: readonly [what: string, name: string, one: string, two: string, stated: string][] = [
  ["the same text stays literal", "Allow", "GET, HEAD", "GET, HEAD", "GET, HEAD"],
  ["a backslash and a byte are escaped", "X-A", "a\\\xe9", "a\\\xe9", "a\\\\\\xe9"],
  ["numbers that differ", "Age", "12", "7", "{{number}}"],
  ["texts that differ", "Set-Cookie", "id=a1", "id=b2", "{{any}}"],
  ["text that reads as a matcher", "X-A", "{{any}} b", "{{any}} b", "{{any}}"],
  [
    "dates that differ",
    "Expires",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Mon, 07 Nov 1994 08:49:37 GMT",
    "{{date}}",
  ],
  [
    "a date that is the same",
    "Expires",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT",
  ],
  [
    "the moment of the answer, even when it is the same",
    "Date",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "{{date}}",
  ],
  ["its own address", "X-At", "at 127.0.0.1:2000.", "at localhost:3000.", "at {{host}}."],
  [
    "any of the listed servers",
    "Location",
    "http://localhost:20001/a",
    "http://127.0.0.1:30002/a",
    "http://{{server}}/a",
  ],
  [
    "an address that is no listed server's",
    "Location",
    "http://127.0.0.1:20003/a",
    "http://127.0.0.1:30002/a",
    "{{any}}",
  ],
];

for (const [what, name, one, two, stated] of FIELDS) {
  test(`states a field: ${what}`, () => {
    const answer = (value: string) => `HTTP/1.1 200 OK\n${name}: ${value}\nContent-Length: 0\n\n`;
    assert.equal(inferMessage(pair(answer(one), answer(two)), true), [
      "HTTP/1.1 200 OK",
      `${name}: ${stated}`,
      "Content-Length: {{length}}",
      "",
      "",
    ]);
  });
}

test("leaves out fields that only one recording has, and those that say nothing of the rule", () => {
  const answer = "HTTP/1.1 200 OK\nServer: x\nConnection: close\nETag: 1\nAllow: GET\n";
  const recorded = pair(`${answer}X-Extra: 1\n\na`, `${answer}\na`);
  assert.equal(inferMessage(recorded, false), ["HTTP/1.1 200 OK", "Allow: GET", "", "a"]);
  assert.is(inferMessage(recorded, true).length, 7);
});

test("holds a field that comes twice against its own like", () => {
  const answer = (second: string) => `HTTP/1.1 200 OK\nVia-A: one\nVia-A: ${second}\n\n`;
  assert.equal(inferMessage(pair(answer("two"), answer("three")), false).slice(1, 3), [
    "Via-A: one",
    "Via-A: {{any}}",
  ]);
});

/** Both bodies, and the lines that a golden states. */
const BODIES: readonly [what: string, one: string, two: string, stated: string[]][] = [
  ["none", "", "", [""]],
  ["a fixture", latin1(fixture("page.html")), latin1(fixture("page.html")), ["{{file page.html}}"]],
  ["a binary fixture", latin1(fixture("picture.png")), latin1(fixture("picture.png")), [
    "{{file picture.png}}",
  ]],
  ["the same text", "a\nb\n", "a\nb\n", ["a", "b", ""]],
  ["the same text with CR", "a\r\nb", "a\r\nb", ["a\\x0d", "b"]],
  ["a line that looks like a marker", "a\n<<<\nb", "a\n<<<\nb", ["a", "\\x3c<<", "b"]],
  ["HTML that differs", "<p>1</p>", "<p>2</p>", ["{{html}}"]],
  ["HTML with a listed server", "<a href=//127.0.0.1:20002>", "<a href=//127.0.0.1:30001>", [
    "<a href=//{{server}}>",
  ]],
  ["text that differs", "1", "2", ["{{any}}"]],
  ["text with a matcher in it", "{{html}}", "{{html}}", ["{{any}}"]],
  ["bytes", "\x00<p>", "\x00<p>", ["{{any}}"]],
  ["text too long to read", "a".repeat(9000), "a".repeat(9000), ["{{any}}"]],
];

for (const [what, one, two, stated] of BODIES) {
  test(`states a body: ${what}`, () => {
    const lines = inferMessage(
      pair(`HTTP/1.1 200 OK\n\n${one}`, `HTTP/1.1 200 OK\n\n${two}`),
      false,
    );
    assert.equal(lines.slice(2), stated);
  });
}

test("states no body for an answer that can have none", () => {
  const answer = "HTTP/1.1 200 OK\nContent-Length: 222\n\n";
  assert.equal(inferMessage(pair(answer, answer, { head: true }), false), [
    "HTTP/1.1 200 OK",
    "Content-Length: 222",
  ]);
});

test("states a close where both recordings have one", () => {
  assert.equal(inferMessage(pair(""), false), ["{{close}}"]);
});

/** Recordings that no golden can be made of. */
const REFUSED: readonly [what: string, one: string, two: string, told: RegExp][] = [
  ["status lines that differ", "HTTP/1.1 200 OK\n\n", "HTTP/1.1 404 Not Found\n\n", /200 OK .*404/],
  ["an answer and a close", "HTTP/1.1 200 OK\n\n", "", /the other a close/],
  ["a page and bytes", "HTTP/1.1 200 OK\n\n<p>", "HTTP/1.1 200 OK\n\n\x00", /html .*bytes/],
  ["a body and none", "HTTP/1.1 200 OK\n\na", "HTTP/1.1 200 OK\n\n", /text .*empty/],
  ["what is not HTTP", "hello\n\n", "hello\n\n", /cannot be read/],
  [
    "a body that is cut",
    "HTTP/1.1 200 OK\nContent-Length: 9\n\na",
    "HTTP/1.1 200 OK\nContent-Length: 9\n\na",
    /no proper end/,
  ],
];

for (const [what, one, two, told] of REFUSED) {
  test(`refuses ${what}`, () => {
    assert.throws(
      () => inferMessage(pair(one, two), false),
      (error: Error) => error instanceof RecordError && told.test(error.message),
    );
  });
}

test.run();
