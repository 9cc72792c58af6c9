import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { BaselineError, compareToBaseline, readBaseline, regressionsOf } from "./baseline.ts";
import type { Metric } from "./model.ts";
import type { Results } from "./results.ts";
import { runBench } from "./run/run.ts";
import { plan, setUp, slice, workload } from "./run/test-kit.ts";

const test = suite("baseline");
const folder = mkdtempSync(join(tmpdir(), "baseline-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** Results whose rounds took so long for ten transfers each. */
async function resultsOf(
  wallsMs: readonly number[],
  metric: Metric = "request-rate",
): Promise<Results> {
  const planned = plan([], {
    setUps: [setUp("a", { metric })],
    rounds: wallsMs.length,
  });
  let round = -1;
  const made = workload(planned, () => {
    const wallMs = wallsMs[Math.max(0, round++)] as number;
    return Promise.resolve(slice({ wallMs, value: wallMs }));
  });
  const results = await runBench([{ workload: made, plan: planned }], {
    extent: "quick",
    seed: 1,
    rate: undefined,
    command: "steelyard bench",
    signal: new AbortController().signal,
  });
  // What else the machine does is not this test's matter.
  return { ...results, warnings: [] };
}

const STEADY = [100, 101, 99, 100, 102, 98, 100, 101];
const slowed = (by: number) => STEADY.map((ms) => ms / (1 - by));

async function verdict(now: readonly number[], tolerance: number, metric?: Metric) {
  const compared = compareToBaseline(
    await resultsOf(now, metric),
    await resultsOf(STEADY, metric),
    {
      tolerance,
    },
  );
  assert.is(regressionsOf(compared).length, compared.changes[0]?.verdict === "regression" ? 1 : 0);
  return compared.changes[0]?.verdict;
}

test("a fifth less is a regression beyond 5 %, and none beyond 30 %", async () => {
  assert.is(await verdict(slowed(0.2), 0.05), "regression");
  assert.is(await verdict(slowed(0.2), 0.3), "worse");
});

test("the same figures are the same, and more is better", async () => {
  assert.is(await verdict(STEADY, 0), "same");
  assert.is(await verdict(slowed(-0.2), 0), "better");
});

test("where less is better a longer makespan is a regression", async () => {
  assert.is(await verdict(slowed(0.2), 0.05, "makespan"), "regression");
  assert.is(await verdict(slowed(-0.2), 0.05, "makespan"), "better");
});

test("a difference within the noise is no regression", async () => {
  const noisy = [60, 150, 80, 140, 100, 130, 90, 120];
  assert.is(await verdict(noisy.map((ms) => ms * 1.05), 0), "same");
});

test("fewer than six rounds say nothing", async () => {
  assert.is(await verdict(slowed(0.5).slice(0, 5), 0.05), "unsure");
});

test("what a baseline is read from is checked, and told", async () => {
  const path = join(folder, "bench.json");
  writeFileSync(path, JSON.stringify(await resultsOf(STEADY)));
  assert.is(readBaseline(path).schema, "steelyard/bench/1");
  const refused: [string, RegExp][] = [
    ["{}", /at schema/],
    ["not JSON", /is not JSON/],
    [JSON.stringify({ ...await resultsOf(STEADY), extra: 1 }), /at extra/],
  ];
  for (const [text, told] of refused) {
    writeFileSync(path, text);
    assert.throws(
      () => readBaseline(path),
      (error: unknown) => error instanceof BaselineError && told.test(error.message),
    );
  }
  assert.throws(() => readBaseline(join(folder, "none.json")), /no such file/);
});

test("other machines and missing set-ups are noted", async () => {
  const now = await resultsOf(STEADY);
  const then = await resultsOf(STEADY);
  const other = { ...then, environment: { ...then.environment, cpu: "another" }, workloads: [] };
  const { changes, notes } = compareToBaseline(now, other, { tolerance: 0.05 });
  assert.equal(changes, []);
  assert.match(notes.join("\n"), "another processor: another");
  assert.match(notes.join("\n"), "the baseline has no figure of made-up a");
});

test("a set-up that is another one in all but its id is noted", async () => {
  const now = await resultsOf(STEADY);
  const then = structuredClone(now);
  const [before, ours] = [then, now].map(({ workloads }) => workloads[0]?.setUps[0]);
  if (!before || !ours) throw new Error("no set-up");
  before.parameters = { connections: 50, only: "C" };
  ours.parameters = { connections: 8, bytes: 1000 };
  before.name = "http://127.0.0.1:1/";
  const { notes } = compareToBaseline(now, then, { tolerance: 0.05 });
  assert.equal(notes, [
    "the baseline measured made-up a with another name: http://127.0.0.1:1/, now a",
    "the baseline measured made-up a with another connections: 50, now 8",
    "the baseline measured made-up a with another only: C, now none",
    "the baseline measured made-up a with another bytes: none, now 1000",
  ]);
  assert.equal(compareToBaseline(now, now, { tolerance: 0.05 }).notes, []);
});

test.run();
