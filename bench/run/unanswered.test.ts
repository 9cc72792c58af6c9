import { test } from "uvu";
import * as assert from "uvu/assert";
import { latencyHistogram, recordUs } from "../histogram.ts";
import type { Slice } from "../model.ts";
import { figureOf, groupsOf } from "../report/figures.ts";
import { cellOf } from "../report/grid.ts";
import { groupGrid } from "../report/setup-grid.ts";
import type { SetUpResult } from "../results.ts";
import { runWorkload } from "./run-workload.ts";
import { plan, runOf, setUp, slice, workload } from "./test-kit.ts";

const LIMIT_US = 10_000_000;

/** A thousand requests of an open loop, so many of which were not answered in time. */
function withUnanswered(count: number): Slice {
  const latency = latencyHistogram();
  for (let i = 0; i < 1000; i++) recordUs(latency, i < 1000 - count ? 900 : LIMIT_US);
  return slice({
    requests: 1000 - count,
    latency,
    failures: count === 0 ? {} : { timeout: count },
  });
}

/** What comes of two set-ups; so many requests of the first are not answered in each round, from the warm-up on. */
async function measured(unanswered: readonly number[]) {
  const planned = plan([], {
    setUps: ["stalling", "steady"].map((id) => setUp(id, { metric: "latency-p99" })),
    comparisons: [{ setUp: "stalling", to: "steady", kind: "same" }],
    rounds: unanswered.length - 1,
    windowMs: 1,
  });
  const left = [...unanswered];
  const sampled = workload(
    planned,
    ({ id }) => Promise.resolve(withUnanswered(id === "stalling" ? left.shift() ?? 0 : 0)),
  );
  const { result, incomplete } = await runWorkload(sampled, planned, runOf({ rate: 1000 }));
  const [stalling, steady] = result.setUps as [SetUpResult, SetUpResult];
  const [row] = groupGrid(groupsOf(result)[0] as ReturnType<typeof groupsOf>[number]).rows;
  const cells = row?.map((cell) => cellOf(cell).text) ?? [];
  return { stalling, steady, cells, comparison: result.comparisons[0], result, incomplete };
}

test("a 99th percentile among requests that failed is a bound and no figure", async () => {
  const { stalling, steady, cells, comparison, result } = await measured(Array(7).fill(20));
  assert.is(stalling.value, null);
  assert.equal([stalling.bound, stalling.clientLimited], [LIMIT_US, false]);
  assert.equal(figureOf(stalling), { kind: "unanswered", bound: LIMIT_US });
  assert.ok(cells.includes(">= 10.0 s"), cells.join());
  assert.ok(cells.some((text) => text.startsWith("requests failed (>= ")), cells.join());
  assert.ok(cells.includes("900 µs"), "the median is one of answers");
  assert.is(steady.value?.median, 900);
  assert.is(comparison?.ratio, null);
  assert.match(comparison?.sentence ?? "", "too many requests of stalling were not answered");
  assert.match(
    result.sentence,
    "Of stalling on bun no figure is given: too many requests were not",
  );
});

test("fewer failures than one in a hundred leave the percentile a figure", async () => {
  const { stalling, comparison } = await measured(Array(7).fill(5));
  assert.equal([stalling.value?.median, stalling.bound], [900, null]);
  assert.is(comparison?.ratio?.median, 1);
});

test("one bad round of ten is in no interval, three of six are", async () => {
  const one = await measured([0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.equal([one.stalling.value?.median, one.stalling.bound], [900, null]);
  assert.is(one.comparison?.significant, false);
  const three = await measured([0, 20, 20, 20, 0, 0, 0]);
  assert.is(three.stalling.value, null);
  assert.is(three.stalling.bound, (900 + LIMIT_US) / 2);
});

test("a round in which nothing was answered in time counts", async () => {
  const { stalling, incomplete } = await measured([0, 1000, 1000, 1000, 1000, 1000, 1000]);
  assert.equal(incomplete, []);
  assert.equal(stalling.rounds.map((round) => round.void), Array(6).fill(null));
  assert.is(stalling.bound, LIMIT_US);
});

test.run();
