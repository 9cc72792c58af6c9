import { test } from "uvu";
import * as assert from "uvu/assert";
import { median, pairedRatio } from "./statistics.ts";

test("takes the middle of an odd number of values, whatever their order", () => {
  assert.is(median([9, 1, 5]), 5);
});

test("takes the mean of the two in the middle of an even number", () => {
  assert.is(median([10, 1, 2, 4]), 3);
});

test("has no median of nothing", () => {
  assert.ok(Number.isNaN(median([])));
});

test("pairs by round: a disturbed round disturbs both", () => {
  const { median, low, high } = pairedRatio([90, 45, 9, 180], [100, 50, 10, 200]);
  assert.equal([median, low, high], [0.9, 0.9, 0.9]);
});

test("widens the interval with the spread of the ratios", () => {
  const theirs = Array.from({ length: 12 }, () => 100);
  const narrow = pairedRatio(theirs.map((_, round) => 99 + round % 3), theirs);
  const wide = pairedRatio(theirs.map((_, round) => 70 + 30 * (round % 3)), theirs);
  assert.ok(narrow.low >= 0.99 && narrow.high <= 1.01, JSON.stringify(narrow));
  assert.ok(wide.low < 0.9 && wide.high > 1.1, JSON.stringify(wide));
  assert.is(wide.median, 1);
});

test("gives the same interval for the same rounds", () => {
  const ours = [91, 104, 99, 87, 120];
  const theirs = [100, 100, 101, 99, 103];
  assert.equal(pairedRatio(ours, theirs), pairedRatio(ours, theirs));
});

test("refuses lists that do not pair", () => {
  assert.throws(() => pairedRatio([1, 2], [1]), /2 and 1 values/);
  assert.throws(() => pairedRatio([], []), /0 and 0 values/);
});

test.run();
