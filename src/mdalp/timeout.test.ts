import { suite } from "uvu";
import * as assert from "uvu/assert";
import { adaptiveTimeout, FIXED_TIMEOUT_MS, fixedTimeout, MOST_TIMEOUT_MS } from "./timeout.ts";

const test = suite("timeout");

test("the fixed one stays as it is", () => {
  const timeout = fixedTimeout();
  timeout.measured(10);
  timeout.expired();
  timeout.recovered();
  assert.is(timeout.currentMs, FIXED_TIMEOUT_MS);
});

test("the first measurement sets three times itself, as RFC 6298 (2.2) has it", () => {
  const timeout = adaptiveTimeout();
  timeout.measured(300);
  assert.is(timeout.currentMs, 900);
});

test("steady round trips bring it down to little above them, but not below 400 ms", () => {
  const timeout = adaptiveTimeout();
  for (let i = 0; i < 50; i++) timeout.measured(600);
  assert.ok(timeout.currentMs > 600 && timeout.currentMs < 630, String(timeout.currentMs));
  for (let i = 0; i < 100; i++) timeout.measured(1);
  assert.is(timeout.currentMs, 400);
});

test("before anything is measured an ack of 0.9 s is waited for", () => {
  assert.ok(adaptiveTimeout().currentMs > 900);
});

test("a sudden ack of 0.9 s on the fastest path costs one needless copy at most", () => {
  const timeout = adaptiveTimeout();
  for (let i = 0; i < 50; i++) timeout.measured(1);
  const first = timeout.currentMs;
  timeout.expired();
  assert.ok(first + timeout.currentMs > 900);
});

test("each expiry doubles it, up to a bound below ten seconds", () => {
  const timeout = adaptiveTimeout();
  timeout.measured(300);
  timeout.expired();
  assert.is(timeout.currentMs, 1800);
  for (let i = 0; i < 100; i++) timeout.expired();
  assert.is(timeout.currentMs, MOST_TIMEOUT_MS);
  assert.ok(MOST_TIMEOUT_MS < 10_000);
});

test("a recovery leaves one doubling, so that a slower path is measured, and no more", () => {
  const timeout = adaptiveTimeout();
  timeout.measured(300);
  for (let i = 0; i < 4; i++) timeout.expired();
  timeout.recovered();
  assert.is(timeout.currentMs, 1800);
  timeout.measured(300);
  assert.ok(timeout.currentMs < 900);
});

test.run();
