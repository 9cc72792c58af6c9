import { test } from "uvu";
import * as assert from "uvu/assert";
import { Pace, serviceMs } from "./pace.ts";

const OPTIONS = { baseMs: 2, bytesPerSecond: 1_000_000 };

test("a request takes its base and its bytes", () => {
  assert.is(serviceMs(OPTIONS, 0), 2);
  assert.is(serviceMs(OPTIONS, 10_000), 12);
});

test("requests are served one after the other", () => {
  const pace = new Pace(OPTIONS);
  assert.equal([pace.enter(100, 1000), pace.enter(100, 1000), pace.enter(101, 0)], [103, 106, 108]);
});

test("an idle server begins at once", () => {
  const pace = new Pace(OPTIONS);
  pace.enter(100, 0);
  assert.is(pace.enter(500, 0), 502);
});

test("a request that is asked for late loses no capacity while others wait", () => {
  const pace = new Pace(OPTIONS);
  for (let i = 0; i < 10; i++) pace.enter(0, 0);
  assert.is(pace.enter(19, 0), 22);
});

test("another pace holds for what comes later", () => {
  const pace = new Pace(OPTIONS);
  pace.enter(0, 0);
  pace.set({ ...OPTIONS, baseMs: 3 });
  assert.is(pace.enter(0, 0), 5);
});

test.run();
