import { test } from "uvu";
import * as assert from "uvu/assert";
import { ManifestError, plain, show } from "./manifest-error.ts";

test("an error has its problems as a list and as one text", () => {
  const error = new ManifestError("invalid", ["a: 1", "b: 2"]);
  assert.is(error.code, "invalid");
  assert.equal(error.problems, ["a: 1", "b: 2"]);
  assert.is(error.message, "a: 1\nb: 2");
  assert.equal(new ManifestError("not-found", "c").problems, ["c"]);
});

test("nothing that a terminal obeys is shown", () => {
  assert.is(plain("a\x1b[31m\u202eb\x9b"), "a\\u001b[31m\\u202eb\\u009b");
  assert.is(show("\x1b\n"), '"\\u001b\\n"');
});

test("long values are shortened, and what JSON lacks is named", () => {
  assert.is(show("x".repeat(200)).length, 83);
  assert.is(show(undefined), "undefined");
  assert.is(show({ a: [1] }), '{"a":[1]}');
});

test.run();
