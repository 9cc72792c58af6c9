import { test } from "uvu";
import * as assert from "uvu/assert";
import { roundRobin } from "./round-robin.ts";
import { bench, picks } from "./test-kit.ts";

test("round-robin picks one after the other", () => {
  const { listed } = bench(3);
  assert.is(picks(roundRobin({ listed }), listed, 7), "abcabca");
});

test("round-robin shares evenly what a resting server leaves", () => {
  const { listed } = bench(3);
  const strategy = roundRobin({ listed });
  picks(strategy, listed, 3);
  assert.is(picks(strategy, listed.slice(0, 2), 4), "abab");
  assert.is(picks(strategy, listed, 3), "cab");
  assert.is(strategy.pick([]), undefined);
});

test("a server behind one that fails each time gets its turn, and that of the other", () => {
  const { listed } = bench(3);
  const [a, b, c] = listed;
  const strategy = roundRobin({ listed });
  const reached = Array.from({ length: 4 }, () => {
    const first = strategy.pick(listed)!;
    return first === b ? strategy.pick([a, c!])! : first;
  });
  assert.is(reached.map(({ host }) => host).join(""), "acac");
});

test.run();
