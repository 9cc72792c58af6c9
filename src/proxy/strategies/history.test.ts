import { test } from "uvu";
import * as assert from "uvu/assert";
import { history } from "./history.ts";
import { bench, picks } from "./test-kit.ts";

/** The pick in each of so many seconds. */
function seconds(context: ReturnType<typeof bench>, count: number, intervalMs?: number): string {
  const strategy = history({ ...context, ...(intervalMs ? { intervalMs } : {}) });
  const seen = Array.from({ length: count }, () => {
    const pick = picks(strategy, context.listed, 1);
    context.clock.pass(1000);
    return pick;
  });
  strategy.close?.();
  return seen.join("");
}

test("history goes round, a second each, from the first", () => {
  assert.is(seconds(bench(3), 7), "abcabca");
});

test("the interval may be another", () => {
  assert.is(seconds(bench(2), 6, 2000), "aabbaa");
});

test("between two choices requests do not count", () => {
  const context = bench(2);
  const strategy = history(context);
  assert.is(picks(strategy, context.listed, 5), "aaaaa");
  strategy.close?.();
});

test("a chosen server that cannot be used is replaced by the first that can", () => {
  const context = bench(3);
  const strategy = history(context);
  assert.is(picks(strategy, context.listed.slice(1), 2), "bb");
  assert.is(picks(strategy, context.listed.slice(0, 2), 2), "aa");
  assert.is(strategy.pick([]), undefined);
  strategy.close?.();
});

test("after the end it chooses no more", () => {
  const context = bench(2);
  const strategy = history(context);
  strategy.close?.();
  context.clock.pass(10_000);
  assert.is(picks(strategy, context.listed, 1), "a");
});

test("of no servers none is chosen", () => {
  const strategy = history({ ...bench(2), listed: [] });
  assert.is(strategy.pick([]), undefined);
  strategy.close?.();
});

test.run();
