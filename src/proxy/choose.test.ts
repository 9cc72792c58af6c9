import { suite } from "uvu";
import * as assert from "uvu/assert";
import { randomSource } from "../redirect/mod.ts";
import { byHistory, byRandomLoad } from "./choose.ts";

const test = suite("the lab's choosers");

/** Numbers that are drawn as these loads. */
function drawing(...loads: number[]): () => number {
  const left = [...loads];
  return () => ((left.shift() as number) + 0.5) / 101;
}

for (
  const [loads, index] of [
    [[91, 9], 1],
    [[18, 79], 0],
    [[31, 31], 0],
    [[0, 5], 0],
    [[100, 100], 0],
    [[50, 20, 20], 1],
  ] as const
) {
  test(`random loads ${loads.join(", ")} choose server ${index + 1}`, () => {
    assert.equal(byRandomLoad(loads.map(() => 0), drawing(...loads)), { index, loads });
  });
}

test("random loads reach from 0 to 100", () => {
  const random = randomSource(1);
  const seen = new Set<number>();
  for (let draw = 0; draw < 5000; draw++) {
    byRandomLoad([0], random).loads?.forEach((n) => seen.add(n));
  }
  assert.is(seen.size, 101);
  assert.is(Math.min(...seen), 0);
  assert.is(Math.max(...seen), 100);
});

for (const [picks, index] of [[[0, 0], 0], [[1, 0], 1], [[1, 1], 0], [[3, 2, 2], 1]] as const) {
  test(`picks ${picks.join(", ")} choose server ${index + 1}`, () => {
    assert.equal(byHistory(picks), { index });
  });
}

test.run();
