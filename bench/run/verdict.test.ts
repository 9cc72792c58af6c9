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

test("what cannot be told apart shares the first place", async () => {
  let turns = 0;
  const sample = () =>
    Promise.resolve(slice({ wallMs: [10, 11, 12, 9, 13][turns++ % 5] as number }));
  const { whole, comparison } = await told({ rounds: 20, sample });
  assert.match(
    whole,
    /: (shared and single|single and shared) cannot be told apart at the head with up to /,
  );
  assert.match(comparison ?? "", "shared and single cannot be told apart (three servers): ratio ");
});

test("few rounds have the best figure, and no winner", async () => {
  const { whole, comparison } = await told({ rounds: 5, sample: slower(2) });
  assert.is(
    whole,
    "Three servers: shared had the best figure, 1,000 requests/s, in 5 of the 6 rounds that a verdict needs.",
  );
  assert.match(comparison ?? "", "in 5 of the 6 rounds that an interval needs");
});

test("the best is held against the nearest rival and against the farthest", async () => {
  const factors = { shared: 1, "only a": 5, "only b": 2, "only c": 3 };
  const planned = plan([], {
    setUps: Object.keys(factors).map((id) => setUp(id, { metric: "makespan-ratio" })),
    comparisons: ["only a", "only b", "only c"].map((to) => ({
      setUp: "shared",
      to,
      kind: "balance",
    })),
  });
  const sample: OpenWorkload["sample"] = ({ id }) =>
    Promise.resolve(slice({ value: factors[id as keyof typeof factors] }));
  const { result } = await runWorkload(workload(planned, sample), planned, runOf());
  assert.is(
    result.sentence,
    "A group: shared came first with 1.000 x bound; only b took 2.00 times (2.00..2.00) as long, " +
      "only a took 5.00 times (5.00..5.00) as long.",
  );
});

test("one alone wins nothing", async () => {
  const planned = plan(["alone"]);
  const { result } = await runWorkload(
    workload(planned, () => Promise.resolve(slice())),
    planned,
    runOf(),
  );
  assert.is(result.sentence, "A group: alone came to 1,000 requests/s.");
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

test("where it was the limit of one, the others' first is no first of all", async () => {
  const sample: OpenWorkload["sample"] = ({ id }) =>
    Promise.resolve(slice(id === "single" ? { client: { busy: 1 } } : {}));
  const { whole } = await told({ sample });
  assert.is(
    whole,
    "Three servers: of those with a figure shared came to 1,000 requests/s. " +
      "Of single on bun no figure is given: the load generator was the limit.",
  );
});

test.run();
