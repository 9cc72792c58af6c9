import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Metric, OpenWorkload, PlannedComparison } from "../model.ts";
import { runWorkload } from "./run-workload.ts";
import { plan, runOf, setUp, slice, workload } from "./test-kit.ts";

interface Told {
  readonly metric?: Metric;
  readonly kind?: PlannedComparison["kind"];
  readonly rounds?: number;
  readonly sample: OpenWorkload["sample"];
}

/** The sentences on two set-ups, of which the first is held against the second. */
async function told({ metric = "request-rate", kind = "balance", rounds = 6, sample }: Told) {
  const planned = plan([], {
    setUps: [
      setUp("shared", { metric, group: "three servers" }),
      setUp("single", { metric, group: "three servers" }),
    ],
    comparisons: [{ setUp: "shared", to: "single", kind }],
    rounds,
  });
  const { result } = await runWorkload(workload(planned, sample), planned, runOf());
  return { whole: result.sentence, comparison: result.comparisons[0]?.sentence };
}

const slower = (factor: number, of = "single"): OpenWorkload["sample"] => ({ id }) =>
  Promise.resolve(slice({ wallMs: id === of ? 10 * factor : 10, value: id === of ? factor : 1 }));

test("a higher rate won by its ratio", async () => {
  const { whole, comparison } = await told({ sample: slower(2.5) });
  assert.is(
    whole,
    "Three servers: shared came first with 1,000 requests/s, 2.50 times (2.50..2.50) what single did.",
  );
  assert.is(
    comparison,
    "shared had 2.50 times (2.50..2.50) the requests per second of single (three servers).",
  );
});

test("a shorter makespan won by how long the other one took", async () => {
  const { whole, comparison } = await told({ metric: "makespan-ratio", sample: slower(4) });
  assert.is(
    whole,
    "Three servers: shared came first with 1.000 x bound; single took 4.00 times (4.00..4.00) as long.",
  );
  assert.is(comparison, "shared took 0.25 times (0.25..0.25) as long as single (three servers).");
});

test("what was not balanced may have won", async () => {
  const { whole } = await told({ sample: slower(2, "shared") });
  assert.is(
    whole,
    "Three servers: single came first with 1,000 requests/s, 2.00 times (2.00..2.00) what shared did.",
  );
  const time = await told({ metric: "makespan", sample: slower(2, "shared") });
  assert.match(time.whole, "single came first with 1.00 s; shared took 2.00 times (2.00..2.00)");
});

test("what cannot be told apart is not called a win", async () => {
  let turns = 0;
  const sample = () =>
    Promise.resolve(slice({ wallMs: [10, 11, 12, 9, 13][turns++ % 5] as number }));
  const { whole, comparison } = await told({ rounds: 20, sample });
  assert.match(whole, /; (shared|single) cannot be told apart from it \(ratio /);
  assert.match(comparison ?? "", "shared and single cannot be told apart (three servers): ratio ");
});

test("few rounds are not called certain", async () => {
  const { whole, comparison } = await told({ rounds: 5, sample: slower(2) });
  assert.match(whole, "too few rounds to hold that against single (ratio 2.00 times");
  assert.match(comparison ?? "", "in 5 of the 6 rounds that an interval needs");
});

test("where the load generator was the limit no figure is told", async () => {
  const sample = () => Promise.resolve(slice({ client: { busy: 1 } }));
  const { whole, comparison } = await told({ sample });
  assert.is(
    whole,
    "Three servers: Of shared on bun and single on bun no figure is given: " +
      "the load generator was the limit.",
  );
  assert.not.match(`${whole} ${comparison}`, /\d/);
});

test.run();
