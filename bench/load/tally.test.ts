import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Mismatch } from "../model.ts";
import type { Right } from "./outcome.ts";
import { Tally } from "./tally.ts";
import { Window } from "./window.ts";

const RIGHT: Right = {
  kind: "right",
  bytes: 10,
  server: "a",
  location: undefined,
  reusable: true,
};
const MISMATCH: Mismatch = {
  url: "http://127.0.0.1:1/",
  expectedBytes: 10,
  expectedSha256: "",
  actualBytes: 5,
  actualSha256: "",
  at: 5,
};

/** Counts transfers that took 5 ms and ended at these times. */
function counted(tally: Tally, ends: readonly number[]): Tally {
  for (const ms of ends) tally.right(RIGHT, ms - 5, ms, { body: 5 });
  return tally;
}

function figures({ requests, bytes, latency, phases, servers }: Tally) {
  return [requests, bytes, latency.totalCount, phases.get("body")?.totalCount, servers.get("a")];
}

test("with a time limit what failed counts in the latencies, with its own time where that is longer", () => {
  const tally = counted(new Tally({ limitMs: 100 }), [20, 30]);
  tally.failed("reset", 30, 31);
  tally.failed("timeout", 30, 150);
  const at = (percentile: number) =>
    Math.round(tally.latency.getValueAtPercentile(percentile) / 1e3);
  assert.equal([25, 50, 75, 100].map(at), [5, 5, 100, 120]);
  assert.equal([tally.requests, tally.bytes], [2, 20]);
});

test("only what ends in the window counts", () => {
  const tally = counted(new Tally({ window: new Window(100, 50) }), [
    20,
    99,
    104,
    120,
    153,
    160,
    170,
  ]);
  assert.ok(tally.inWindow);
  assert.equal(figures(tally), [3, 30, 3, 3, 3]);
  assert.equal([tally.firstMs, tally.firstEndMs, tally.lastMs], [15, 20, 170]);
});

test("where nothing ends in the window, all counts", () => {
  const tally = counted(new Tally({ window: new Window(100, 50) }), [20, 160, 170]);
  assert.not(tally.inWindow);
  assert.equal(figures(tally), [3, 30, 3, 3, 3]);
});

test("without a window, all counts", () => {
  assert.equal(figures(counted(new Tally(), [20, 160])), [2, 20, 2, 2, 2]);
});

for (const [when, ms] of [["in the ramp", 50], ["in the window", 120], ["behind it", 190]]) {
  test(`failures and wrong bodies ${when} count`, () => {
    const tally = new Tally({ window: new Window(100, 50) });
    const before = [20, 104].filter((end) => end < (ms as number));
    counted(tally, before);
    tally.failed("reset", 0, ms as number);
    tally.wrong(MISMATCH, 0, ms as number);
    counted(tally, [200]);
    assert.is(tally.failures.get("reset"), 1);
    assert.is(tally.mismatch, MISMATCH);
  });
}

test.run();
