import { test } from "uvu";
import * as assert from "uvu/assert";
import { powerOfTwo } from "./power-of-two.ts";
import { bench, picks, shares } from "./test-kit.ts";

test("of two servers the idler one is picked every time: the draws are distinct", () => {
  const context = bench(2);
  context.listed[0].inFlight = 5;
  assert.is(picks(powerOfTwo(context), context.listed, 50), "b".repeat(50));
});

test("the busiest of several is never picked, though it is drawn", () => {
  const context = bench(4);
  context.listed[2]!.inFlight = 5;
  const found = shares(powerOfTwo(context), context.listed, 3000);
  assert.is(found.get("c"), 0);
  for (const name of "abd") assert.ok((found.get(name) as number) > 700, `${name} too rarely`);
});

test("idle servers share evenly", () => {
  const context = bench(4);
  for (const [name, count] of shares(powerOfTwo(context), context.listed, 4000)) {
    assert.ok(Math.abs(count - 1000) < 150, `${name} was picked ${count} times`);
  }
});

test("a single server is picked, and of none none", () => {
  const context = bench(2);
  const strategy = powerOfTwo(context);
  assert.is(picks(strategy, context.listed.slice(1), 2), "bb");
  assert.is(strategy.pick([]), undefined);
});

test.run();
