import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { drawPosition, randomSource, rank } from "./ranking.ts";

const upstream = (port: number) => ({ host: "a", port });

test("ranks the slowest first, and equal times as they were listed", () => {
  const measured = [[1, 5], [2, 9], [3, 5], [4, 1]].map(([port, elapsedMs]) => ({
    upstream: upstream(port as number),
    elapsedMs: elapsedMs as number,
  }));
  assert.equal(rank(measured).map(({ port }) => port), [2, 1, 3, 4]);
  assert.is(measured[0]?.upstream.port, 1, "what was measured stays as it was");
  assert.equal(rank([]), []);
});

for (const count of [1, 2, 3, 4, 10, 37]) {
  test(`gives ${count} servers shares of exactly 1 to ${count}`, () => {
    const parts = count * (count + 1) / 2;
    const perPart = 8;
    const shares = new Array<number>(count).fill(0);
    for (let step = 0; step < parts * perPart; step++) {
      const position = drawPosition(count, (step + 0.5) / (parts * perPart));
      shares[position] = (shares[position] ?? 0) + 1;
    }
    assert.equal(shares, Array.from({ length: count }, (_, index) => (index + 1) * perPart));
  });
}

test("draws a position in range for every number in [0, 1)", () => {
  const number = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), number, (count, random) => {
      const position = drawPosition(count, random);
      assert.ok(Number.isInteger(position) && position >= 0 && position < count, `${position}`);
    }),
    { numRuns: 1000 },
  );
  assert.is(drawPosition(3, 0), 0);
  assert.is(drawPosition(3, 1 - Number.EPSILON / 2), 2);
});

test("repeats its numbers for a seed, and stays in [0, 1)", () => {
  fc.assert(fc.property(fc.integer(), (seed) => {
    const [first, second] = [randomSource(seed), randomSource(seed)];
    for (let draw = 0; draw < 20; draw++) {
      const number = first();
      assert.is(number, second());
      assert.ok(number >= 0 && number < 1);
    }
  }));
  assert.is.not(randomSource(1)(), randomSource(2)());
});

test.run();
