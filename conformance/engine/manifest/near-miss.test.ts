import { test } from "uvu";
import * as assert from "uvu/assert";
import { editDistance, nearest, suggestion } from "./near-miss.ts";

test("distances count insertions, deletions, substitutions and swaps as one", () => {
  for (
    const [a, b, distance] of [
      ["run", "run", 0],
      ["rnu", "run", 1],
      ["rn", "run", 1],
      ["ruun", "run", 1],
      ["ran", "run", 1],
      ["", "run", 3],
      ["kitten", "sitting", 3],
      ["abcd", "badc", 2],
    ] as const
  ) {
    assert.is(editDistance(a, b), distance, `${a} ${b}`);
    assert.is(editDistance(b, a), distance, `${b} ${a}`);
  }
});

test("the nearest name wins, and case does not matter", () => {
  assert.is(nearest("rnu", ["cwd", "root", "run"]), "run");
  assert.is(nearest("StartedBy", ["startedBy", "start"]), "startedBy");
});

test("a name that is far from all has no near miss", () => {
  assert.is(nearest("xyz", ["run", "cwd"]), undefined);
  assert.is(nearest("", ["run"]), undefined);
  assert.is(nearest("r".repeat(100_000), ["run"]), undefined);
});

test("an id without its system, or with another variant, is found", () => {
  const ids = ["redirect.server.head", "redirect.server.keep-alive"];
  assert.is(nearest("keep-alive", ids), "redirect.server.keep-alive");
  assert.is(nearest("redirect.server.head/get", ids), "redirect.server.head");
  assert.is(nearest("redirect.server.head", ["redirect.server.head/a"]), "redirect.server.head/a");
});

test("a suggestion names the near miss, else everything", () => {
  assert.is(suggestion("rnu", ["run"], "all"), 'did you mean "run"?');
  assert.is(suggestion("zzz", ["run"], "all"), "all");
});

test.run();
