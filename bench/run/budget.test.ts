import { test } from "uvu";
import * as assert from "uvu/assert";
import { planMs } from "./estimate.ts";
import { runBench } from "./run.ts";
import { plan, slice, workload } from "./test-kit.ts";

/** Two workloads of 2 set-ups, 6 rounds and 1 s a window, each stretch of which takes so long. */
async function runAt(stretchMs: number, budgetMs: number | undefined) {
  let nowMs = 0;
  const planned = plan(["a", "b"], { windowMs: 960 });
  const made = workload(planned, () => {
    nowMs += stretchMs;
    return Promise.resolve(slice({ wallMs: 960 }));
  });
  const { workloads, warnings, complete } = await runBench(
    [{ workload: made, plan: planned }, { workload: { ...made, name: "later" }, plan: planned }],
    {
      extent: "quick",
      seed: 1,
      rate: undefined,
      command: "steelyard bench",
      signal: new AbortController().signal,
      clock: () => nowMs,
      ...(budgetMs === undefined ? {} : { budgetMs }),
    },
  );
  const told = warnings.filter((line) => line.includes("too slow"));
  const rounds = workloads.map((
    one,
  ) => [one.rounds, ...one.setUps.map((each) => each.rounds.length)]);
  return { rounds, told, nowMs, complete };
}

const BUDGET_MS = 2 * planMs(plan(["a", "b"], { windowMs: 960 })) + 1000;

test("a machine that is as fast as planned has all rounds", async () => {
  const { rounds, told } = await runAt(1000, BUDGET_MS);
  assert.equal(rounds, [[6, 6, 6], [6, 6, 6]]);
  assert.equal(told, []);
});

test("on a slow machine rounds are left out of what comes last, and told, and the time is kept", async () => {
  const { rounds, told, nowMs, complete } = await runAt(1350, BUDGET_MS);
  assert.equal(rounds, [[6, 6, 6], [4, 4, 4]]);
  assert.equal(told.length, 1);
  assert.match(
    told[0] as string,
    "later: 4 of 6 rounds were measured, too few for a 95 % interval",
  );
  assert.match(told[0] as string, "--rounds 6 measures them all");
  assert.ok(nowMs <= BUDGET_MS, `${nowMs} of ${BUDGET_MS} ms`);
  assert.ok(complete);
});

test("the slowest machine measures three rounds of each", async () => {
  const { rounds, told } = await runAt(10_000, BUDGET_MS);
  assert.equal(rounds, [[3, 3, 3], [3, 3, 3]]);
  assert.is(told.length, 2);
});

test("without a budget, or with plans beyond it, all rounds are measured", async () => {
  for (const budgetMs of [undefined, BUDGET_MS / 2]) {
    assert.equal((await runAt(10_000, budgetMs)).rounds, [[6, 6, 6], [6, 6, 6]]);
  }
});

test.run();
