import { test } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import {
  binomialAtMost,
  chiSquared,
  chiSquaredAbove,
  runsDeviation,
  strongestRepeat,
} from "./statistics.ts";
import { draws, generator } from "./test-random.ts";

function close(actual: number, expected: number, relative: number, what = ""): void {
  const error = Math.abs(actual - expected) / Math.abs(expected);
  assert.ok(error <= relative, `${what}: ${actual}, not ${expected}`);
}

/** P(X <= k) by whole numbers: p is a fraction, the sum is exact until the last division. */
function exactAtMost(k: number, n: number, successes: number, parts: number): number {
  let choose = 1n;
  let sum = 0n;
  for (let i = 0; i <= Math.min(k, n); i++) {
    sum += choose * BigInt(successes) ** BigInt(i) * BigInt(parts - successes) ** BigInt(n - i);
    choose = choose * BigInt(n - i) / BigInt(i + 1);
  }
  // Digits enough for a double, whatever its exponent.
  const scale = 10n ** 330n;
  const digits = (sum * scale / BigInt(parts) ** BigInt(n)).toString();
  return Number(`0.${digits.slice(0, 20)}e${digits.length - 330}`);
}

test("the binomial tail is the exact sum, for small numbers and for those of the cases", () => {
  for (let n = 1; n <= 25; n++) {
    for (let k = 0; k < n; k++) {
      close(binomialAtMost(k, n, 0.3), exactAtMost(k, n, 3, 10), 1e-9, `${k} of ${n}`);
    }
  }
  for (const k of [150, 250, 333, 450, 500, 600, 666]) {
    close(binomialAtMost(k, 1000, 2 / 3), exactAtMost(k, 1000, 2, 3), 1e-8, `${k} of 1000`);
  }
});

test("the binomial tail has its ends, and grows between them", () => {
  assert.is(binomialAtMost(-1, 10, 0.5), 0);
  assert.is(binomialAtMost(0, 100_000, 0.5), 0);
  close(binomialAtMost(10, 10, 0.5), 1, 1e-9);
  close(binomialAtMost(99, 10, 0.5), 1, 1e-9);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.double({
        min: 0.01,
        max: 0.99,
        noNaN: true,
      }),
      (n, p) => {
        let before = 0;
        for (let k = 0; k <= n; k++) {
          const now = binomialAtMost(k, n, p);
          assert.ok(now >= before && now <= 1, `P(X <= ${k}) = ${now} after ${before}`);
          before = now;
        }
      },
    ),
    { numRuns: 30 },
  );
});

test("chi-squared has the critical values of the tables", () => {
  const table: readonly (readonly [degrees: number, p: number, x: number])[] = [
    [2, 0.05, 5.991],
    [2, 0.01, 9.21],
    [2, 0.001, 13.816],
    [4, 0.05, 9.488],
    [4, 0.01, 13.277],
    [6, 0.05, 12.592],
    [8, 0.001, 26.124],
    [10, 0.95, 3.94],
    [20, 0.05, 31.41],
  ];
  for (const [degrees, p, x] of table) {
    close(chiSquaredAbove(x, degrees), p, 2e-3, `${degrees} degrees, ${x}`);
  }
  assert.is(chiSquaredAbove(0, 2), 1);
});

test("an odd number of degrees of freedom is an error", () => {
  assert.throws(() => chiSquaredAbove(1, 3), "degrees of freedom 3 must be even");
});

test("Pearson's statistic is none for exact shares, and counts each deviation", () => {
  assert.is(chiSquared([100, 200, 300], [1, 2, 3]), 0);
  assert.is(chiSquared([100, 200, 300], [10, 20, 30]), 0);
  close(chiSquared([110, 190], [1, 1]), 2 * 40 ** 2 / 150, 1e-12);
});

test("the mean and variance of runs are those of all orders of the same draws", () => {
  for (const draws of [[0, 0, 1, 1, 2], [0, 0, 0, 1, 1], [0, 1, 2, 2, 2, 1], [0, 0, 1, 2, 3]]) {
    const runs = permutations(draws).map((order) =>
      order.filter((item, i) => i === 0 || item !== order[i - 1]).length
    );
    const mean = runs.reduce((sum, count) => sum + count, 0) / runs.length;
    const variance = runs.reduce((sum, count) => sum + (count - mean) ** 2, 0) / runs.length;
    const found = draws.filter((item, i) => i === 0 || item !== draws[i - 1]).length;
    const expected = (found - mean) / Math.sqrt(variance);
    assert.ok(Math.abs(runsDeviation(draws) - expected) < 1e-9, draws.join(""));
  }
});

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest])
  );
}

test("runs of random draws stay near their mean, those of cycles and blocks do not", () => {
  for (let seed = 1; seed <= 500; seed++) {
    for (const shares of [[1, 1, 1], [1, 2, 3], [1, 9]]) {
      const deviation = runsDeviation(draws(generator(seed), shares, 300));
      assert.ok(Math.abs(deviation) < 5.5, `seed ${seed}, ${shares}: ${deviation}`);
    }
  }
  const cycle = (period: readonly number[]) =>
    Array.from({ length: 300 }, (_, i) => period[i % period.length] as number);
  assert.ok(runsDeviation(cycle([0, 1, 2])) > 5.5);
  assert.ok(runsDeviation(cycle([0, 1])) > 5.5);
  assert.ok(runsDeviation(cycle([0, 0, 0, 0, 1, 1, 1, 1])) < -5.5);
});

test("one value throughout has no deviation", () => {
  assert.is(runsDeviation([1, 1, 1, 1]), 0);
});

test("the strongest repeat of a cycle is its length, with nothing that differs", () => {
  for (const length of [2, 3, 6, 17, 60]) {
    const period = draws(generator(length), [1, 2, 3], length - 1);
    // Ends in a value of its own, so that no shorter cycle fits.
    const cycle = Array.from({ length: 300 }, (_, i) => [...period, 9][i % length] as number);
    assert.equal(strongestRepeat(cycle, 60), { lag: length, share: 1 });
  }
});

test("random draws repeat as often as two draws agree", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const { share } = strongestRepeat(draws(generator(seed), [1, 2, 3], 300), 60);
    assert.ok(share > 7 / 18 - 0.1 && share < 0.65, `seed ${seed}: ${share}`);
  }
});

test.run();
