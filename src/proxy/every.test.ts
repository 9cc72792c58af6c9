import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ManualClock } from "../mdalp/manual-clock.ts";
import { every } from "./every.ts";

const test = suite("every");

/** A clock whose timers fire this late, or early, and what ran when. */
function late(byMs: number) {
  const clock = new ManualClock();
  const ran: number[] = [];
  const cancel = every(1000, () => ran.push(clock.now()), {
    now: () => clock.now(),
    after: (ms, run) => clock.after(ms + byMs, run),
  });
  return { clock, ran, cancel };
}

for (const byMs of [0, 7, -0.4]) {
  test(`timers that fire ${byMs} ms late add up to no drift`, () => {
    const { clock, ran } = late(byMs);
    clock.pass(4500);
    assert.equal(ran, [1, 2, 3, 4].map((second) => second * 1000 + byMs));
  });
}

test("ticks that were slept through are left out", () => {
  const clock = new ManualClock();
  const ran: number[] = [];
  let asleepMs = 2500;
  every(1000, () => ran.push(clock.now()), {
    now: () => clock.now(),
    after(ms, run) {
      const cancel = clock.after(ms + asleepMs, run);
      asleepMs = 0;
      return cancel;
    },
  });
  clock.pass(5500);
  assert.equal(ran, [3500, 4000, 5000]);
});

test("nothing runs after the stop, not even when it is stopped by its own run", () => {
  const { clock, ran, cancel } = late(0);
  clock.pass(1000);
  cancel();
  clock.pass(5000);
  assert.equal(ran, [1000]);

  let runs = 0;
  const stop = every(1000, () => {
    runs++;
    stop();
  }, clock);
  clock.pass(5000);
  assert.is(runs, 1);
});

test.run();
