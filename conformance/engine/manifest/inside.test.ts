import { test } from "uvu";
import * as assert from "uvu/assert";
import { outsideProblem } from "./inside.ts";

for (const path of ["a", "a/b.txt", ".", "./a", "a..b", "...", "{basename}"]) {
  test(`${path} stays inside the copy`, () => assert.is(outsideProblem(path), undefined));
}

for (
  const [path, reason] of [
    ["", "empty"],
    ["/etc/passwd", "absolute"],
    ["C:/x", "absolute"],
    ["..", '".."'],
    ["../x", '".."'],
    ["a/../../x", '".."'],
    ["a\\..\\x", "backslash"],
    ["a\0b", "NUL"],
  ] as const
) {
  test(`${JSON.stringify(path)} is refused: ${reason}`, () => {
    assert.match(outsideProblem(path) ?? "", reason);
  });
}

test.run();
