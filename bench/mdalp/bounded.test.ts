import { test } from "uvu";
import * as assert from "uvu/assert";
import { bounded } from "./bounded.ts";

test("gives the outcomes in the items' order, whichever ends first", async () => {
  const ends: (() => void)[] = [];
  const work = (item: string) =>
    new Promise<string>((resolve) => ends.push(() => resolve(item.toUpperCase())));
  const all = bounded(["a", "b"], 2, work);
  for (const end of ends.reverse()) end();
  assert.equal(await all, ["A", "B"]);
});

test("has no more at a time than it may, none in the same lane, and leaves none out", async () => {
  const lanes = new Set<number>();
  let most = 0;
  const done = await bounded([1, 2, 3, 4, 5, 6, 7], 3, async (item, lane) => {
    assert.not(lanes.has(lane));
    lanes.add(lane);
    most = Math.max(most, lanes.size);
    await Promise.resolve();
    lanes.delete(lane);
    return item * 2;
  });
  assert.is(most, 3);
  assert.equal(done, [2, 4, 6, 8, 10, 12, 14]);
});

test("passes a failure on", async () => {
  const failing = bounded([1], 1, () => Promise.reject(new Error("broke")));
  assert.is(await failing.catch((error) => error.message), "broke");
});

test.run();
