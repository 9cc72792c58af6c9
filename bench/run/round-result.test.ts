import { test } from "uvu";
import * as assert from "uvu/assert";
import { latencyHistogram, recordUs } from "../histogram.ts";
import type { LatencyHistogram } from "../histogram.ts";
import { roundResult } from "./round-result.ts";
import { setUp, slice } from "./test-kit.ts";

/** Of 38 requests, as a stretch of 75 ms at 500 a second has: so many late by 2 ms. */
function lateness(late: number): LatencyHistogram {
  const histogram = latencyHistogram();
  for (let i = 0; i < 38; i++) recordUs(histogram, i < late ? 2000 : 50);
  return histogram;
}

function roundOf(lates: readonly number[]) {
  const slices = lates.map((late) => slice({ client: { busy: 0.3, late: lateness(late) } }));
  const turn = { round: 1, turn: 1, startedMs: 0, rate: 500 };
  return roundResult(setUp("a"), { slices, samplesMs: [] }, turn);
}

test("one late request of a round's 152 is none of its 99th percentile", () => {
  const { client, clientLimited } = roundOf([0, 1, 0, 0]);
  assert.equal(client, { busy: 0.3, lateP99: 50 });
  assert.not(clientLimited);
});

test("one late request in a hundred is, whichever stretches they are in", () => {
  for (const lates of [[1, 1, 0, 0], [2, 0, 0, 0], [1, 1, 1, 1]]) {
    const { client, clientLimited } = roundOf(lates);
    assert.ok((client?.lateP99 as number) >= 2000, `${lates}`);
    assert.ok(clientLimited);
  }
});

test.run();
