import { test } from "uvu";
import * as assert from "uvu/assert";
import { findSyntaxProblem } from "./json-syntax.ts";

const broken: readonly (readonly [string, number, number, string])[] = [
  ["", 1, 1, "the file ends here"],
  ["{", 1, 2, "expected a key in double quotes; the file ends here"],
  ['{\n  "a": 1,\n}', 2, 9, "remove the comma"],
  ["[1,]", 1, 3, "remove the comma"],
  ['{"a" 1}', 1, 6, 'expected ":"'],
  ['{"a": 1 "b": 2}', 1, 9, 'expected "," or "}"'],
  ["[1 2]", 1, 4, 'expected "," or "]"'],
  ["{a: 1}", 1, 2, "key in double quotes"],
  ["['a']", 1, 2, "double quotes"],
  ['{\n// why\n"a": 1}', 2, 1, "no comments"],
  ['{"a": 1} x', 1, 10, "nothing may follow"],
  ['{"a": "b\n"}', 1, 7, "does not end"],
  ['{"a": "port (\\d+)"}', 1, 14, 'written "\\\\"'],
  ["[01]", 1, 3, 'expected ","'],
  ["[tru]", 1, 2, "expected a value"],
  ["[".repeat(100_000), 1, 102, "nested deeper than 100"],
];

for (const [text, line, column, message] of broken) {
  test(`${JSON.stringify(text.slice(0, 30))} is broken at ${line}:${column}`, () => {
    assert.throws(() => JSON.parse(text));
    const problem = findSyntaxProblem(text);
    assert.equal([problem?.line, problem?.column], [line, column]);
    assert.match(problem!.message, message);
  });
}

test("whole JSON has no problem", () => {
  for (const text of ['{"a":[1,-2.5e3,true,null,"\\u0041\\n",{}],"b":[]}', ' "x" ', "0"]) {
    JSON.parse(text);
    assert.is(findSyntaxProblem(text), undefined);
  }
});

test.run();
