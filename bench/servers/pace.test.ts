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

test("one client at a time is served at the capacity, though each timer is late", () => {
  const pace = new Pace(OPTIONS);
  let nowMs = 0;
  for (let i = 0; i < 1000; i++) {
    const dueMs = pace.enter(nowMs, 0);
    // A timer of Deno's.
    nowMs = Math.max(nowMs, dueMs) + 1.2;
    pace.answered(nowMs, dueMs);
  }
  assert.ok(Math.abs(nowMs - 2000) < 10, `${nowMs} ms`);
});

test("what is made up for is no more than a timer is late, and lies behind what was served", () => {
  const pace = new Pace(OPTIONS);
  pace.answered(50, pace.enter(0, 0));
  assert.is(pace.enter(100, 0), 99);
  pace.answered(101, 99);
  assert.is(pace.enter(100, 0), 101);
});

test("an answer in time is nothing to make up for", () => {
  const pace = new Pace(OPTIONS);
  pace.answered(4, pace.enter(0, 0));
  const dueMs = pace.enter(10, 0);
  pace.answered(dueMs, dueMs);
  assert.is(pace.enter(20, 0), 22);
});

test("another pace holds for what comes later", () => {
  const pace = new Pace(OPTIONS);
  pace.enter(0, 0);
  pace.set({ ...OPTIONS, baseMs: 3 });
  assert.is(pace.enter(0, 0), 5);
});

test.run();
