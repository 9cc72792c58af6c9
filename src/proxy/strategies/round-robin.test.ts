import { test } from "uvu";
import * as assert from "uvu/assert";
import { roundRobin } from "./round-robin.ts";
import { bench, picks } from "./test-kit.ts";

test("round-robin picks one after the other", () => {
  assert.is(picks(roundRobin(), bench(3).listed, 7), "abcabca");
});

test("round-robin shares evenly what a resting server leaves", () => {
  const { listed } = bench(3);
  const strategy = roundRobin();
  picks(strategy, listed, 3);
  assert.is(picks(strategy, listed.slice(0, 2), 4), "abab");
  assert.is(picks(strategy, listed, 3), "cab");
  assert.is(strategy.pick([]), undefined);
});

test.run();
