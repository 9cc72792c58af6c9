import { test } from "uvu";
import * as assert from "uvu/assert";
import { DECAY_MS, peakEwma } from "./peak-ewma.ts";
import { bench, picks, shares } from "./test-kit.ts";

/** Two servers, of which either is drawn: the cheaper one is always picked. */
function pair() {
  const context = bench(2);
  const [a, b] = context.listed;
  const strategy = peakEwma(context);
  const cheaper = () => strategy.pick(context.listed);
  return { ...context, a, b, strategy, cheaper };
}

test("peak-ewma picks the server with the lower latency", () => {
  const { a, b, strategy, listed } = pair();
  strategy.answered?.(a, 8);
  strategy.answered?.(b, 5);
  assert.is(picks(strategy, listed, 20), "b".repeat(20));
});

test("requests in flight multiply the latency", () => {
  const { a, b, strategy, cheaper } = pair();
  strategy.answered?.(a, 8);
  strategy.answered?.(b, 5);
  b.inFlight = 1;
  assert.is(cheaper(), a);
  a.inFlight = 1;
  assert.is(cheaper(), b);
});

test("a peak counts at once, and one fast answer does not undo it", () => {
  const { a, b, strategy, cheaper } = pair();
  strategy.answered?.(a, 1);
  strategy.answered?.(b, 10);
  strategy.answered?.(a, 100);
  assert.is(cheaper(), b);
  strategy.answered?.(a, 1);
  assert.is(cheaper(), b);
});

test("fast answers bring a slow server back as time passes", () => {
  const { a, b, strategy, cheaper, clock } = pair();
  strategy.answered?.(a, 100);
  strategy.answered?.(b, 50);
  clock.pass(DECAY_MS);
  strategy.answered?.(a, 1);
  strategy.answered?.(b, 50);
  // 100 / e + 1 (1 - 1 / e) = 37.4
  assert.is(cheaper(), a);
});

test("a slow server that is sent nothing is tried again in the end", () => {
  const { a, b, strategy, cheaper, clock } = pair();
  strategy.answered?.(a, 2000);
  for (let second = 0; second < 60; second++) {
    clock.pass(1000);
    strategy.answered?.(b, 10);
    if (second === 20) assert.is(cheaper(), b);
  }
  assert.is(cheaper(), a);
});

test("a new server is welcome once, and not flooded before its first answer", () => {
  const { a, b, strategy, cheaper } = pair();
  strategy.answered?.(a, 5);
  assert.is(cheaper(), b);
  b.inFlight = 1;
  assert.is(cheaper(), a);
  a.inFlight = 1000;
  assert.is(cheaper(), a);
});

test("new servers share by their requests in flight", () => {
  const { a, b, cheaper } = pair();
  for (let sent = 0; sent < 20; sent++) cheaper()!.inFlight++;
  assert.equal([a.inFlight, b.inFlight], [10, 10]);
});

test("answers within no measurable time leave the choice to the requests in flight", () => {
  const { a, b, strategy, cheaper } = pair();
  strategy.answered?.(a, 0);
  strategy.answered?.(b, 0);
  a.inFlight = 1;
  assert.is(cheaper(), b);
});

test("equal servers share evenly", () => {
  const context = bench(4);
  for (const [name, count] of shares(peakEwma(context), context.listed, 4000)) {
    assert.ok(Math.abs(count - 1000) < 150, `${name} was picked ${count} times`);
  }
});

test("a single server is picked, and of none none", () => {
  const { strategy, listed } = pair();
  assert.is(picks(strategy, listed.slice(1), 2), "bb");
  assert.is(strategy.pick([]), undefined);
});

test.run();
