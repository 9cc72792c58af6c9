import { test } from "uvu";
import * as assert from "uvu/assert";
import { fieldValue, fieldValues, hasToken, Http1Error, keepsAlive } from "./mod.ts";
import type { Field, Framing, Head } from "./mod.ts";

const FIELDS: readonly Field[] = [
  { name: "Via", value: "first" },
  { name: "X", value: "" },
  { name: "vIA", value: "second" },
];

test("finds a field whatever its case, the first where it is repeated", () => {
  assert.is(fieldValue(FIELDS, "via"), "first");
  assert.is(fieldValue(FIELDS, "VIA"), "first");
  assert.is(fieldValue(FIELDS, "x"), "");
  assert.is(fieldValue(FIELDS, "vi"), undefined);
  assert.is(fieldValue([], "via"), undefined);
});

test("finds all values of a field in order", () => {
  assert.equal(fieldValues(FIELDS, "Via"), ["first", "second"]);
  assert.equal(fieldValues(FIELDS, "Y"), []);
});

test("finds a token in a list, in any of the fields and in any case", () => {
  const fields = [
    { name: "Connection", value: "a, Keep-Alive ,b" },
    { name: "connection", value: "CLOSE" },
  ];
  assert.ok(hasToken(fields, "Connection", "keep-alive"));
  assert.ok(hasToken(fields, "connection", "close"));
  assert.not.ok(hasToken(fields, "connection", "keep"));
  assert.not.ok(hasToken(fields, "upgrade", "close"));
});

/** RFC 9112, section 9.3. */
const PERSISTENCE: readonly [
  minor: number,
  connection: string,
  framing: Framing["kind"],
  boolean,
][] = [
  [1, "", "none", true],
  [1, "close", "none", false],
  [1, "Close", "none", false],
  [1, "keep-alive, close", "none", false],
  [1, "closed", "none", true],
  [1, "", "close", false],
  [1, "keep-alive", "close", false],
  [9, "", "chunked", true],
  [0, "", "none", false],
  [0, "keep-alive", "none", true],
  [0, "Keep-Alive", "none", true],
  [0, "keep-alive, close", "none", false],
];

for (const [minor, connection, kind, stays] of PERSISTENCE) {
  const shown = `HTTP/1.${minor}, Connection ${JSON.stringify(connection)}, framing ${kind}`;
  test(`${stays ? "stays open" : "closes"} after ${shown}`, () => {
    const head: Head = {
      kind: "response",
      minor,
      status: 200,
      reason: "OK",
      fields: [{ name: "Connection", value: connection }],
      framing: kind === "length" ? { kind, length: 0 } : { kind },
    };
    assert.is(keepsAlive(head), stays);
  });
}

test("an error has its code and its name", () => {
  const error = new Http1Error("malformed", "text");
  assert.is(error.code, "malformed");
  assert.is(String(error), "Http1Error: text");
});

test.run();
