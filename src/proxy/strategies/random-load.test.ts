import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomLoad } from "./random-load.ts";
import { bench, picks } from "./test-kit.ts";

test("random-load draws a load for each server every 5 s and keeps to the least", () => {
  const context = bench(2);
  const loads = [91, 9, 18, 79, 31, 31];
  const strategy = randomLoad({
    ...context,
    random: () => ((loads.shift() as number) + 0.5) / 101,
  });
  const seen = [0, 4999, 1, 4999, 1].map((ms) => {
    context.clock.pass(ms);
    return picks(strategy, context.listed, 3);
  });
  strategy.close?.();
  assert.equal(seen, ["bbb", "bbb", "aaa", "aaa", "aaa"]);
  assert.equal(loads, []);
});

test.run();
