import { test } from "uvu";
import * as assert from "uvu/assert";
import { Window } from "./window.ts";

/** Requests a second that a window shows of these ends, which go on for ever. */
function shown(window: Window, ends: Iterable<number>): number {
  let count = 0;
  for (const endMs of ends) {
    if (window.holds(endMs)) count++;
    else if (window.fromMs !== Infinity) break;
  }
  return count * 1000 / (window.toMs - window.fromMs);
}

/** When transfers end in a closed loop of so many clients, over servers that serve one at a time. */
function* closedLoop(
  clients: number,
  serviceMs: readonly number[],
  choose: (waiting: readonly number[]) => number,
): Generator<number> {
  const freeAtMs = serviceMs.map(() => 0);
  const ends: { ms: number; server: number }[] = [];
  const begin = (nowMs: number) => {
    const server = choose(serviceMs.map((_, at) => ends.filter((end) => end.server === at).length));
    freeAtMs[server] = Math.max(nowMs, freeAtMs[server] as number) + (serviceMs[server] as number);
    ends.push({ ms: freeAtMs[server] as number, server });
    ends.sort((a, b) => a.ms - b.ms);
  };
  for (let i = 0; i < clients; i++) begin(0);
  for (;;) {
    const nowMs = (ends.shift() as { ms: number }).ms;
    yield nowMs;
    begin(nowMs);
  }
}

function inTurn(servers: number): () => number {
  let next = 0;
  return () => next++ % servers;
}

const toTheLeast = (waiting: readonly number[]) => waiting.indexOf(Math.min(...waiting));

const UNEQUAL = [0.5, 1, 2];

const CAPACITIES: readonly [
  what: string,
  ends: () => Iterable<number>,
  rampMs: number,
  durationMs: number,
  perSecond: number,
][] = [
  ["one server, a window of 14 transfers", () => closedLoop(8, [43.67], () => 0), 0, 600, 22.9],
  ["the same behind a ramp", () => closedLoop(8, [43.67], () => 0), 350, 600, 22.9],
  [
    "four large transfers at a time",
    () => closedLoop(4, Array(4).fill(200), inTurn(4)),
    0,
    500,
    20,
  ],
  [
    "in turn, where the slowest is the limit",
    () => {
      return closedLoop(24, UNEQUAL, inTurn(3));
    },
    60,
    180,
    1500,
  ],
  ["to the least busy", () => closedLoop(24, UNEQUAL, toTheLeast), 60, 180, 3500],
];

for (const [what, ends, rampMs, durationMs, perSecond] of CAPACITIES) {
  test(`${what}: ${perSecond} a second are seen`, () => {
    const seen = shown(new Window(rampMs, durationMs), ends());
    assert.ok(Math.abs(seen / perSecond - 1) < 0.01, `${seen}`);
  });
}

test("goes from the first end behind the ramp to the first that is over its length", () => {
  const window = new Window(100, 50);
  const held = [20, 99, 104, 120, 153, 160, 170].map((ms) => window.holds(ms));
  assert.equal(held, [false, false, true, true, true, false, false]);
  assert.equal([window.fromMs, window.untilMs, window.toMs], [104, 154, 160]);
});

test("ends in time where nothing ends behind it", () => {
  const window = new Window(0, 50);
  window.holds(10);
  assert.equal([window.fromMs, window.toMs], [10, 60]);
});

test("waits for no second one where the first transfer is longer than all of it", () => {
  const window = new Window(10, 50);
  assert.not(window.holds(60));
  assert.is(window.untilMs, 60);
});

test.run();
