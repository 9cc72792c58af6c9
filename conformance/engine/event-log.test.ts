import { test } from "uvu";
import * as assert from "uvu/assert";
import { EventLog } from "./event-log.ts";

const LONG_MS = 10_000;

test("events are kept in order, with times that never go back", () => {
  const log = new EventLog();
  for (const what of ["one", "two", "three"]) log.add("suite", what);
  assert.equal(log.events.map(({ what }) => what), ["one", "two", "three"]);
  const times = log.events.map(({ atMs }) => atMs);
  assert.equal(times, [...times].sort((a, b) => a - b));
  assert.ok(times.every((atMs) => atMs >= 0 && atMs < LONG_MS));
});

test("a condition that holds already is not waited for", async () => {
  assert.ok(await new EventLog().waitFor(() => true, 0));
});

test("waiting ends with the event that makes the condition hold", async () => {
  const log = new EventLog();
  const waiting = log.waitFor(() => log.events.length === 2, LONG_MS);
  log.add("a", "one");
  setTimeout(() => log.add("a", "two"), 1);
  assert.ok(await waiting);
  assert.is(log.events.length, 2);
});

test("several wait at once, each for its own", async () => {
  const log = new EventLog();
  const has = (what: string) => () => log.events.some((event) => event.what === what);
  const both = Promise.all([log.waitFor(has("b"), LONG_MS), log.waitFor(has("a"), LONG_MS)]);
  log.add("x", "a");
  log.add("x", "b");
  assert.equal(await both, [true, true]);
});

test("waiting ends without it after its time", async () => {
  const log = new EventLog();
  const began = performance.now();
  assert.not(await log.waitFor(() => false, 20));
  assert.ok(performance.now() - began >= 15);
});

test("a condition that came to hold without an event is seen at the end", async () => {
  let held = false;
  const waiting = new EventLog().waitFor(() => held, 20);
  held = true;
  assert.ok(await waiting);
});

test("closing ends all waiting, and none begins after it", async () => {
  const log = new EventLog();
  const waiting = log.waitFor(() => false, LONG_MS);
  log.close();
  for (const promise of [waiting, log.waitFor(() => true, LONG_MS)]) {
    const error = await promise.then(() => undefined, (reason: Error) => reason);
    assert.is(error?.message, "the case is over");
  }
});

test("the text gives time, who and what", () => {
  const log = new EventLog();
  log.add("server", "asked for GET /");
  assert.match(log.toString(), /^ +\d+\.\d{3} s {2}server: asked for GET \/$/);
  assert.is(new EventLog().toString(), "");
});

test("of a long log the middle is left out, and counted", () => {
  const log = new EventLog();
  for (let i = 1; i <= 60; i++) log.add("x", `event ${i}`);
  assert.is(log.toString().split("\n").length, 60);
  for (let i = 61; i <= 100; i++) log.add("x", `event ${i}`);
  const lines = log.toString().split("\n");
  assert.is(lines.length, 51);
  assert.match(lines[29] as string, /event 30$/);
  assert.is(lines[30], "  ... 50 more events");
  assert.match(lines[31] as string, /event 81$/);
});

test.run();
