import { test } from "uvu";
import * as assert from "uvu/assert";
import { runWorkload } from "./run-workload.ts";
import { MISMATCH, plan, runOf, setUp, slice, workload } from "./test-kit.ts";

const IDS = ["a", "b", "c", "d"];

/** Runs it and notes the order of the set-ups in each round. */
async function ordersOf(seed: number): Promise<string[]> {
  const orders: string[] = [];
  const made = workload(plan(IDS), () => Promise.resolve(slice()));
  await runWorkload(
    made,
    made.plan({ extent: "quick", runtimes: undefined }),
    runOf({
      seed,
      onTurn: ({ setUp, round }) => orders[round] = (orders[round] ?? "") + setUp.id,
    }),
  );
  return orders;
}

test("every round has every set-up once, in an order of its own that the seed decides", async () => {
  const orders = await ordersOf(1);
  assert.is(orders.length, 7, "six rounds after the warm-up");
  for (const order of orders) assert.is([...order].sort().join(""), "abcd");
  assert.ok(new Set(orders).size > 2, orders.join(" "));
  assert.equal(await ordersOf(1), orders);
  assert.not.equal(await ordersOf(2), orders);
});

test("the warm-up counts for nothing, and each round's value is its rate over the wall time", async () => {
  let calls = 0;
  const planned = plan(["a"]);
  const made = workload(
    planned,
    () => Promise.resolve(slice({ wallMs: ++calls === 1 ? 999 : 10 })),
  );
  const { result, incomplete } = await runWorkload(made, planned, runOf());
  assert.equal(incomplete, []);
  assert.equal(result.setUps[0]?.rounds.map(({ round, value }) => [round, value]), [
    [1, 1000],
    [2, 1000],
    [3, 1000],
    [4, 1000],
    [5, 1000],
    [6, 1000],
  ]);
});

test("a set-up that dies keeps its rounds until then, and the others go on", async () => {
  const planned = plan(["a", "b"]);
  let samples = 0;
  const made = workload(planned, ({ id }) => {
    if (id === "b" && ++samples > 3) return Promise.reject(new Error("server b is gone"));
    return Promise.resolve(slice());
  });
  const { result, incomplete } = await runWorkload(made, planned, runOf());
  assert.equal(result.setUps.map(({ rounds }) => rounds.length), [6, 2]);
  assert.is(incomplete.length, 1);
  assert.match(incomplete[0] as string, "made-up b ended in round 3: server b is gone");
});

test("a wrong body voids its round and is told, in the warm-up too", async () => {
  const planned = plan(["a"]);
  let calls = 0;
  const wrong = new Set([1, 4]);
  const made = workload(
    planned,
    () => Promise.resolve(slice(wrong.has(++calls) ? { mismatch: MISMATCH } : {})),
  );
  const { result, incomplete } = await runWorkload(made, planned, runOf());
  const rounds = result.setUps[0]?.rounds ?? [];
  assert.equal(rounds.filter((one) => one.void !== null).map(({ round }) => round), [0, 3]);
  assert.equal(rounds.filter(({ value }) => value === null).map(({ round }) => round), [0, 3]);
  assert.is(result.setUps[0]?.requests, 50, "of the five rounds that count");
  assert.equal(incomplete, [
    "made-up a: the warm-up and 1 of 6 rounds are void: in the warm-up the body of " +
    "http://127.0.0.1:1/a was wrong from byte 1 on: 3 bytes with SHA-256 bb, not 3 with aa; " +
    "a wrong body came in 1 more",
  ]);
});

test("a round in which no transfer came whole is void, and the run is not complete", async () => {
  const planned = plan(["a"]);
  const refused = slice({ requests: 0, bytes: 0, failures: { refused: 7 } });
  const made = workload(planned, () => Promise.resolve(refused));
  const { result, incomplete } = await runWorkload(made, planned, runOf());
  assert.is(result.setUps[0]?.value, null);
  assert.is(result.setUps[0]?.rounds[0]?.void, "no transfer came whole: 7 x refused");
  assert.equal(incomplete, [
    "made-up a: 6 of 6 rounds are void: no transfer came whole: 7 x refused",
  ]);
});

test("a stop keeps the rounds that were whole", async () => {
  const planned = plan(["a", "b"]);
  const stop = new AbortController();
  let calls = 0;
  const made = workload(planned, (_setUp, _ms, signal) => {
    if (++calls < 6) return Promise.resolve(slice());
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      stop.abort(new Error("stopped"));
    });
  });
  const { result, incomplete } = await runWorkload(made, planned, runOf({ signal: stop.signal }));
  assert.is(result.setUps.reduce((sum, { rounds }) => sum + rounds.length, 0), 3);
  assert.equal(incomplete, ["made-up was stopped in round 2"]);
});

test("a workload that cannot start says so and has no figures", async () => {
  const planned = plan(["a"]);
  const made = {
    ...workload(planned, () => Promise.resolve(slice())),
    open: () => Promise.reject(new Error("no port is free")),
  };
  const { result, incomplete } = await runWorkload(made, planned, runOf());
  assert.equal(incomplete, ["made-up did not start: no port is free"]);
  assert.is(result.setUps[0]?.value, null);
  assert.is(result.sentence, "Nothing was measured.");
});

test("a comparison pairs the values of the same round", async () => {
  const planned = plan(["fast", "slow"], {
    comparisons: [{ setUp: "fast", to: "slow", kind: "balance" }],
  });
  // The machine slows down from round to round; the ratio stays.
  let turns = 0;
  const made = workload(planned, ({ id }) => {
    const slowness = 1 + Math.floor(turns++ / 2);
    return Promise.resolve(slice({ wallMs: (id === "slow" ? 20 : 10) * slowness }));
  });
  const { result } = await runWorkload(made, planned, runOf());
  const [comparison] = result.comparisons;
  assert.equal(comparison?.ratio, { median: 2, low: 2, high: 2 });
  assert.ok(comparison?.significant);
  assert.is(
    comparison?.sentence,
    "fast had 2.00 times (2.00..2.00) the requests per second of slow (a group).",
  );
});

test("where the load generator was the limit nothing is compared", async () => {
  const planned = plan(["a", "b"], { comparisons: [{ setUp: "a", to: "b", kind: "peer" }] });
  const made = workload(
    planned,
    ({ id }) => Promise.resolve(slice({ client: { busy: id === "a" ? 1 : 0.5 }, serverBusy: 0.5 })),
  );
  const { result } = await runWorkload(made, planned, runOf());
  assert.equal(result.setUps.map(({ clientLimited }) => clientLimited), [true, false]);
  assert.is(result.comparisons[0]?.ratio, null);
  assert.match(result.comparisons[0]?.sentence ?? "", "the load generator was the limit of a");
});

test("an outlier is marked and stays in the figures", async () => {
  const planned = plan(["a"], { rounds: 8 });
  let calls = 0;
  const made = workload(planned, () => Promise.resolve(slice({ wallMs: ++calls === 5 ? 50 : 10 })));
  const { result } = await runWorkload(made, planned, runOf());
  assert.equal(
    result.setUps[0]?.rounds.filter(({ outlier }) => outlier).map(({ round }) => round),
    [
      4,
    ],
  );
  assert.is(result.setUps[0]?.latency.count, 80);
});

test("a makespan is the mean of the samples' own values", async () => {
  const planned = plan([], { setUps: [setUp("a", { metric: "makespan-ratio" })] });
  const made = workload(planned, () => Promise.resolve(slice({ requests: 1, value: 1.25 })));
  const { result } = await runWorkload(made, planned, runOf());
  assert.is(result.setUps[0]?.value?.median, 1.25);
});

test.run();
