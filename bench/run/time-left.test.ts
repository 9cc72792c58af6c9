import { test } from "uvu";
import * as assert from "uvu/assert";
import { planMs } from "./estimate.ts";
import { timeLeft } from "./time-left.ts";
import { plan, setUp, slice, workload } from "./test-kit.ts";

const PLAN = plan(["a", "b"], { rounds: 9, windowMs: 960 });
const PLANNED = { workload: workload(PLAN, () => Promise.resolve(slice())), plan: PLAN };

test("begins with the estimate, comes to nothing, and never goes up on a steady machine", () => {
  let now = 0;
  const left = timeLeft([PLANNED], () => now);
  const seen: number[] = [];
  for (let round = 0; round <= 9; round++) {
    for (const one of PLAN.setUps) {
      seen.push(left.at({ ...PLANNED, setUp: one, round }).leftMs);
      now += 1000;
    }
  }
  assert.is(seen[0], planMs(PLAN));
  for (const [i, ms] of seen.entries()) assert.ok(i === 0 || ms <= (seen[i - 1] as number));
  assert.ok((seen.at(-1) as number) <= 4000, String(seen.at(-1)));
});

test("a slow machine is believed more and more", () => {
  let now = 0;
  const left = timeLeft([PLANNED], () => now);
  const turn = { ...PLANNED, setUp: setUp("a"), round: 1 };
  const first = left.at(turn).leftMs;
  for (let i = 0; i < 10; i++) {
    now += 3000;
    left.at(turn);
  }
  assert.ok(left.at(turn).leftMs > first / 2, "half of it is done, and the rest takes longer");
});

test.run();
