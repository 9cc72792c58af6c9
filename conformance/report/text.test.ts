import { test } from "uvu";
import * as assert from "uvu/assert";
import { oneLine, visible, wrap } from "./text.ts";

test("a control character is shown as its escape, a line end stays", () => {
  assert.is(visible("a\x1b[31m\r\nb\tc\x7f\x9b"), "a\\x1b[31m\\x0d\nb\\x09c\\x7f\\x9b");
});

test("what reorders or hides text is shown, what only looks unusual stays", () => {
  assert.is(
    visible("\u202eabc\u2028 \ud800 é \u{1f40e}"),
    "\\u{202e}abc\\u{2028} \\u{d800} é \u{1f40e}",
  );
});

test("one line has no line end", () => {
  assert.is(oneLine(" a \n\n  b\n"), "a b");
});

test("a wrapped line is no wider than asked unless one word is", () => {
  assert.equal(wrap("one two three", 7), ["one two", "three"]);
  assert.equal(wrap("incomprehensible", 4), ["incomprehensible"]);
  assert.equal(wrap("a\n\nb", 9), ["a", "", "b"]);
});

test.run();
