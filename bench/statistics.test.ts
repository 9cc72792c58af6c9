import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomSource } from "../src/redirect/mod.ts";
import { median, medianEstimate, medianRatio, outliers, pairedRatio } from "./statistics.ts";

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

test("nineteen of twenty intervals hold the median that the values were drawn around", () => {
  const random = randomSource(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  for (const values of [6, 8, 12, 24]) {
    let held = 0;
    for (let time = 0; time < 200; time++) {
      const { low, high } = medianEstimate(Array.from({ length: values }, () => 10 + normal()));
      if (low <= 10 && high >= 10) held++;
    }
    // 190 of 200 expected; 181 is three standard deviations below.
    assert.ok(held >= 181, `${held} of 200 intervals of ${values} values`);
    assert.ok(held < 200, `intervals of ${values} values that hold anything say nothing`);
  }
});

test("the interval of a few values lies within them", () => {
  const { low, high } = medianEstimate([5, 1, 4, 2, 3, 6]);
  assert.equal([low, high], [1, 6]);
});

test("two runs that are no pairs have an interval too", () => {
  const { median, low, high } = medianRatio([20, 21, 19, 20, 22, 18], [10, 11, 9, 10, 10, 10]);
  assert.is(median, 2);
  assert.ok(low > 1.5 && high < 2.6, `${low}..${high}`);
});

test("outliers lie beyond the fences, and few values have none", () => {
  assert.equal(outliers([10, 11, 10, 12, 11, 10, 30]).indexOf(true), 6);
  assert.equal(outliers([10, 11, 30]), [false, false, false]);
  assert.not(outliers([10, 10, 10, 10, 10, 10]).includes(true));
});

test("refuses lists that do not pair", () => {
  assert.throws(() => pairedRatio([1, 2], [1]), /2 and 1 values/);
  assert.throws(() => pairedRatio([], []), /0 and 0 values/);
});

test.run();
