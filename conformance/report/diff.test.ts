import { test } from "uvu";
import * as assert from "uvu/assert";
import { diffIsUseful, diffLines } from "./diff.ts";

test("equal texts have no difference", () => {
  assert.is(diffLines("a\nb", "a\nb"), "");
});

test("the caret stands under the first differing byte", () => {
  assert.is(
    diffLines(
      "HTTP/1.1 404 Not Found\nContent-Length: 12\n",
      "HTTP/1.1 404 Not Found\nContent-Length: 13\n",
    ),
    [
      "  HTTP/1.1 404 Not Found",
      "- Content-Length: 12",
      "+ Content-Length: 13",
      "                   ^",
    ].join("\n"),
  );
});

test("a line that is missing or added shifts no other", () => {
  assert.is(diffLines("a\nb\nc", "a\nc"), "  a\n- b\n  c");
  assert.is(diffLines("a\nc", "a\nb\nc"), "  a\n+ b\n  c");
  assert.is(diffLines("a\nb\nc\nd", "x\na\nc\ny\nd"), "+ x\n  a\n- b\n  c\n+ y\n  d");
});

test("control characters show, and the caret names the whole escape", () => {
  assert.is(diffLines("k\nab\\x0d", "k\nab\\x0a"), "  k\n- ab\\x0d\n+ ab\\x0a\n    ^");
  assert.is(diffLines("k\na\x1b", "k\na\x1c"), "  k\n- a\\x1b\n+ a\\x1c\n   ^");
});

test("a four-byte character is not split and takes two cells", () => {
  assert.is(
    diffLines("k\n\u{1f40e}\u{1f40e}", "k\n\u{1f40e}\u{1f40f}"),
    "  k\n- \u{1f40e}\u{1f40e}\n+ \u{1f40e}\u{1f40f}\n    ^",
  );
});

test("a long run of equal lines is counted, not shown", () => {
  const same = Array.from({ length: 20 }, (_, n) => `line ${n}`);
  const lines = diffLines([...same, "a"].join("\n"), [...same, "b"].join("\n")).split("\n");
  assert.equal(lines.slice(0, 2), ["  ... (17 equal lines)", "  line 17"]);
  assert.is(lines.length, 7);
});

test("a difference far to the right is brought into view", () => {
  const far = "x".repeat(500);
  const [want, , caret] = diffLines(`${far}a`, `${far}b`).split("\n");
  assert.is(want, `- ...${"x".repeat(30)}a`);
  assert.is(caret?.indexOf("^"), want?.indexOf("a"));
});

test("a last line end that is missing is named", () => {
  assert.match(diffLines("a\n", "a"), "no last line end");
  assert.match(diffLines("a", "a\n"), "one more line end");
});

test("very long texts are compared without a table", () => {
  const many = (mark: string) => Array.from({ length: 5000 }, (_, n) => `${mark}${n}`).join("\n");
  assert.is(diffLines(many("a"), many("b")).split("\n").length, 15_000);
});

test("a difference is useful only between texts of several lines that share one", () => {
  assert.ok(diffIsUseful("a\nb", "a\nc"));
  assert.not(diffIsUseful("a", "b"));
  assert.not(diffIsUseful("a\nb", "c\nd"));
  assert.not(diffIsUseful("a\nb", "a\nb"));
});

test.run();
