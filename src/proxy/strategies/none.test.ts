import { test } from "uvu";
import * as assert from "uvu/assert";
import { none } from "./none.ts";
import { bench, picks } from "./test-kit.ts";

test("none picks the first server, even one that is not usable", () => {
  const context = bench(3);
  const strategy = none(context);
  assert.is(picks(strategy, context.listed, 4), "aaaa");
  assert.is(picks(strategy, context.listed.slice(1), 2), "aa");
});

test("none of no servers picks none", () => {
  assert.is(none({ ...bench(2), listed: [] }).pick([]), undefined);
});

test.run();
