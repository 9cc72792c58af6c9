import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BaselineComparison, Change } from "../baseline.ts";
import { baselineText } from "./baseline-text.ts";

function changed(verdict: Change["verdict"], sentence = `${verdict} a b`): Change {
  return { what: "a b", ratio: { median: 0.5, low: 0.4, high: 0.6 }, verdict, sentence };
}

function textOf(changes: readonly Change[], tolerance = 0.05, notes: readonly string[] = []) {
  const regressions = changes.filter(({ verdict }) => verdict === "regression");
  const compared: BaselineComparison = { changes, regressions, notes };
  return baselineText(compared, tolerance).split("\n").slice(1);
}

test("what changed is told, what did not is counted", () => {
  assert.equal(textOf([changed("better"), changed("same"), changed("same")]), [
    "  better a b",
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
  const [sentence, note] = textOf([changed("worse", "worse \x1b[2Ja")], 0.05, ["x\r\ny\x07"]);
  assert.equal([sentence, note], ["  worse \\x1b[2Ja", "  note: x y\\x07"]);
});

test.run();
