import { suite } from "uvu";
import * as assert from "uvu/assert";
import { adaptiveTimeout, FIXED_TIMEOUT_MS, fixedTimeout } from "./timeout.ts";

const test = suite("timeout");

test("the fixed one stays as it is", () => {
  const timeout = fixedTimeout();
  timeout.measured(10);
  timeout.expired();
  assert.is(timeout.currentMs, FIXED_TIMEOUT_MS);
});

test("the first measurement sets three times itself, as RFC 6298 (2.2) has it", () => {
  const timeout = adaptiveTimeout();
  timeout.measured(300);
  assert.is(timeout.currentMs, 900);
});

test("steady round trips bring it down to little above them", () => {
  const timeout = adaptiveTimeout();
  for (let i = 0; i < 50; i++) timeout.measured(300);
  assert.ok(timeout.currentMs > 300 && timeout.currentMs < 330, String(timeout.currentMs));
});

test("each expiry doubles it, up to a bound below ten seconds", () => {
  const timeout = adaptiveTimeout();
  timeout.measured(300);
  timeout.expired();
  assert.is(timeout.currentMs, 1800);
  for (let i = 0; i < 10; i++) timeout.expired();
  assert.is(timeout.currentMs, 8000);
});

test.run();
