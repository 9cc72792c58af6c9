import { test } from "uvu";
import * as assert from "uvu/assert";
import { compare, interleave } from "./rounds.ts";

const subjects = ["a", "b", "c"].map((name) => ({ name }));

test("measures every subject once a round, beginning with another each time", async () => {
  const order: string[] = [];
  const rates = await interleave(subjects, 3, ({ name }) => {
    order.push(name);
    return Promise.resolve(order.length);
  });
  assert.is(order.join(""), "abc" + "abc" + "bca" + "cab");
  assert.equal(rates.get("a"), [4, 9, 11]);
});

test("compares with the faster peer", () => {
  const rates = new Map([["ours", [80, 40]], ["slow", [60, 30]], ["fast", [100, 50]]]);
  const [found] = compare(rates, ["ours"], ["slow", "fast"]);
  assert.is(found?.to, "fast");
  assert.is(found?.ratio.median, 0.8);
});

test("a single lucky round makes no peer the faster one", () => {
  const rates = new Map([["ours", [50, 50, 50]], ["steady", [50, 50, 50]], ["odd", [900, 9, 9]]]);
  assert.is(compare(rates, ["ours"], ["odd", "steady"])[0]?.to, "steady");
});

test.run();
