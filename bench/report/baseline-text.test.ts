import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BaselineChange } from "../results.ts";
import { baselineText } from "./baseline-text.ts";
import { makeBaseline, makeChange } from "./fixture-baseline.ts";

const changed = (verdict: BaselineChange["verdict"], setUp = "b") => makeChange({ verdict, setUp });

function textOf(
  changes: readonly BaselineChange[],
  tolerance = 0.05,
  notes: readonly string[] = [],
) {
  const text = baselineText({
    ...makeBaseline(),
    changes: [...changes],
    tolerance,
    notes: [...notes],
  });
  return text.split("\n").slice(1);
}

test("what changed is told, what did not is counted", () => {
  assert.equal(textOf([changed("better"), changed("same"), changed("same")]), [
    "  better     a b: 200 requests/s then, 100 requests/s now: 0.500 times (0.400..0.600)",
    "  2 of 3 cannot be told from the baseline",
    "no significant regression beyond 5 %",
  ]);
});

for (const [tolerance, shown] of [[0.05, "5 %"], [0.07, "7 %"], [0.125, "12.5 %"], [0, "0 %"]]) {
  test(`regressions are counted, beyond ${shown}`, () => {
    const one = textOf([changed("regression"), changed("worse")], tolerance as number);
    assert.is(one.at(-1), `1 significant regression beyond ${shown}`);
    const two = textOf([changed("regression"), changed("regression")], tolerance as number);
    assert.is(two.at(-1), `2 significant regressions beyond ${shown}`);
  });
}

test("where nothing can be compared that is the end, with the notes ahead", () => {
  assert.equal(textOf([], 0.05, ["another processor"]), [
    "  note: another processor",
    "nothing that both measured",
  ]);
});

test("a baseline's names, which are from outside, write nothing but text", () => {
  const [sentence, note] = textOf([changed("worse", "\x1b[2Jb")], 0.05, ["x\r\ny\x07"]);
  assert.match(sentence as string, "  worse      a \\x1b[2Jb: ");
  assert.is(note, "  note: x y\\x07");
});

test.run();
