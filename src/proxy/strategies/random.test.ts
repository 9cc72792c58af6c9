import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "./random.ts";
import { bench, picks, shares } from "./test-kit.ts";

test("random picks each server as often as the others", () => {
  const context = bench(4);
  // 1000 expected of each, standard deviation 27: with this seed it is always the same.
  for (const [name, count] of shares(random(context), context.listed, 4000)) {
    assert.ok(Math.abs(count - 1000) < 150, `${name} was picked ${count} times`);
  }
});

test("random reaches the first and the last server", () => {
  const context = bench(3);
  const draws = [0, 0.999_999];
  const strategy = random({ ...context, random: () => draws.shift() as number });
  assert.is(picks(strategy, context.listed, 2), "ac");
  assert.is(random(context).pick([]), undefined);
});

test.run();
