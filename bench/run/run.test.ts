import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import type { OpenWorkload, Slice } from "../model.ts";
import { ResultsSchema } from "../results.ts";
import type { Results } from "../results.ts";
import { runBench } from "./run.ts";
import { plan, slice, workload } from "./test-kit.ts";

const test = suite("a whole run");

/** Six rounds of one set-up, whose `turn`th sample is as told, 0 being the warm-up. */
function runOf(sampleOf: (turn: number) => Partial<Slice>, rounds = 6): Promise<Results> {
  let turn = 0;
  return run((_setUp, _forMs) => Promise.resolve(slice(sampleOf(turn++))), rounds);
}

function run(
  sample: OpenWorkload["sample"],
  rounds = 6,
  signal = new AbortController().signal,
): Promise<Results> {
  const planned = plan(["a"], { rounds });
  return runBench([{ workload: workload(planned, sample), plan: planned }], {
    extent: "quick",
    seed: 1,
    rate: undefined,
    command: "steelyard bench",
    signal,
  });
}

/** Without those of the machine, which may be busy with other tests. */
const ownWarnings = ({ warnings }: Results) =>
  warnings.filter((warning) => !/^the (machine|host)/.test(warning));

test("what is measured is complete, without a warning, and as the schema has it", async () => {
  const results = await runOf(() => ({}));
  assert.equal([results.complete, results.incomplete], [true, []]);
  assert.equal(ownWarnings(results), []);
  assert.equal(v.parse(ResultsSchema, JSON.parse(JSON.stringify(results))), results);
});

test("too few rounds are warned of", async () => {
  assert.match(
    ownWarnings(await runOf(() => ({}), 5)).join(),
    /^too few rounds .*made-up 5; --rounds 6/,
  );
});

test("transfers that failed are warned of, as a part of all that were begun", async () => {
  const results = await runOf((turn) => turn === 2 ? { failures: { reset: 3, timeout: 1 } } : {});
  assert.ok(results.complete);
  assert.equal(ownWarnings(results), [
    "made-up a: 4 of 64 transfers failed: 3 x reset, 1 x timeout",
  ]);
});

test("the right transfers of a void round were begun as well", async () => {
  const results = await runOf((turn) => turn > 0 ? { failures: { truncated: 1 } } : {});
  assert.not(results.complete);
  assert.equal(results.workloads[0]?.setUps[0]?.requests, 0);
  assert.equal(ownWarnings(results), ["made-up a: 6 of 66 transfers failed: 6 x truncated"]);
});

test("what is stopped is kept until then, and said not to be complete", async () => {
  const stop = new AbortController();
  let turn = 0;
  const results = await run(
    () => {
      if (turn++ === 3) stop.abort(new Error("stopped"));
      return Promise.resolve(slice());
    },
    6,
    stop.signal,
  );
  assert.equal([results.complete, results.incomplete], [false, ["made-up was stopped in round 3"]]);
  assert.is(results.workloads[0]?.setUps[0]?.rounds.length, 2);
});

test.run();
