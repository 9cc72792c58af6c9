import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Health } from "./health.ts";
import { UpstreamTable } from "./upstream.ts";
import type { Upstream } from "./upstream.ts";

const test = suite("passive health");

/** Three servers and a clock that the test moves. */
function bench() {
  const table = new UpstreamTable();
  const listed = ["a:1", "b:1", "c:1"].map((address) => table.at(address));
  const clock = { ms: 0 };
  const health = new Health({ now: () => clock.ms });
  const usable = (...tried: Upstream[]) =>
    health.usable(listed, tried).map(({ host }) => host).join("");
  const [a, b, c] = listed as [Upstream, Upstream, Upstream];
  return { listed, clock, health, usable, a, b, c };
}

function send(upstream: Upstream): void {
  upstream.requests++;
  upstream.inFlight++;
}

test("while all is well the list itself is usable", () => {
  const { health, listed } = bench();
  assert.is(health.usable(listed, []), listed);
});

test("a server that failed rests for a second", () => {
  const { health, usable, clock, b } = bench();
  health.failed(b);
  assert.is(usable(), "ac");
  assert.ok(health.resting(b));
  clock.ms = 999;
  assert.is(usable(), "ac");
  clock.ms = 1000;
  assert.is(usable(), "abc");
});

test("an answer ends the rest", () => {
  const { health, listed, b } = bench();
  health.failed(b);
  health.succeeded(b);
  assert.not.ok(health.resting(b));
  assert.is(health.usable(listed, []), listed);
});

test("after the rest one trial at a time is let through, until it has an outcome", () => {
  const { health, usable, clock, b } = bench();
  health.failed(b);
  clock.ms = 1000;
  send(b);
  assert.is(usable(), "ac");
  b.inFlight--;
  health.succeeded(b);
  assert.is(usable(), "abc");
});

test("each failed trial doubles the rest, up to 30 seconds", () => {
  const { health, usable, clock, b } = bench();
  health.failed(b);
  for (const restMs of [1, 2, 4, 8, 16, 30, 30].map((seconds) => seconds * 1000)) {
    clock.ms += restMs - 1;
    assert.is(usable(), "ac", `at rest before ${restMs} ms are over`);
    clock.ms += 1;
    assert.is(usable(), "abc", `on trial after ${restMs} ms`);
    send(b);
    b.inFlight--;
    health.failed(b);
  }
});

test("many that fail together are one failure", () => {
  const { health, usable, clock, b } = bench();
  for (let count = 0; count < 50; count++) send(b);
  for (let count = 0; count < 50; count++) {
    b.inFlight--;
    health.failed(b);
  }
  clock.ms = 1000;
  assert.is(usable(), "abc");
});

test("requests from before the failure are no trial", () => {
  const { health, usable, clock, b } = bench();
  send(b);
  send(b);
  b.inFlight--;
  health.failed(b);
  clock.ms = 1000;
  assert.is(usable(), "abc");
  send(b);
  assert.is(usable(), "ac");
});

test("a trial whose client left makes room for the next", () => {
  const { health, usable, clock, b } = bench();
  health.failed(b);
  clock.ms = 1000;
  send(b);
  b.inFlight--;
  assert.is(usable(), "abc");
});

test("a trial without an outcome makes room after ten seconds", () => {
  const { health, usable, clock, b } = bench();
  health.failed(b);
  clock.ms = 1000;
  send(b);
  assert.is(usable(), "ac");
  clock.ms = 11_000;
  assert.is(usable(), "abc");
  send(b);
  assert.is(usable(), "ac");
});

test("what a request has tried is not usable for it", () => {
  const { usable, a, b, c } = bench();
  assert.is(usable(a), "bc");
  assert.is(usable(a, b, c), "");
});

test("when all rest, those not tried are usable", () => {
  const { health, usable, listed, a, b } = bench();
  for (const upstream of listed) health.failed(upstream);
  assert.is(usable(), "abc");
  assert.is(usable(b), "ac");
  health.succeeded(a);
  assert.is(usable(b), "a");
});

test("the first rest may be another", () => {
  const { listed, clock, b } = bench();
  const health = new Health({ restMs: 50, now: () => clock.ms });
  health.failed(b);
  clock.ms = 50;
  assert.is(health.usable(listed, []).length, 3);
});

test.run();
