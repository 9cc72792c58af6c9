/** For tests: what a comparison with an older run comes to. */
import type { BaselineChange, BaselineResult } from "../results.ts";

export function makeChange(more: Partial<BaselineChange> = {}): BaselineChange {
  return {
    workload: "a",
    setUp: "b",
    metric: "request-rate",
    before: { median: 200, low: 190, high: 210 },
    now: { median: 100, low: 90, high: 110 },
    ratio: { median: 0.5, low: 0.4, high: 0.6 },
    verdict: "regression",
    ...more,
  };
}

/** One set-up of each verdict, with names and values as long as they come. */
export function makeBaseline(): BaselineResult {
  const ratio = { median: 1.021, low: 0.998, high: 1.046 };
  return {
    started: "2026-01-01T03:04:05.678Z",
    revision: "0123456789abcdef0123456789abcdef01234567-dirty",
    command: "steelyard bench",
    tolerance: 0.05,
    changes: [
      makeChange({ workload: "redirect", setUp: "100kB/3-servers/bun", verdict: "same", ratio }),
      makeChange({ workload: "proxy", setUp: "unequal/round-robin/bun" }),
      makeChange({ workload: "peers", setUp: "proxied/haproxy", verdict: "worse" }),
      makeChange({
        workload: "mdalp",
        setUp: "5kB/balanced/loss-8/bun",
        metric: "makespan-ratio",
        verdict: "better",
        before: { median: 2.345, low: 2, high: 3 },
        now: { median: 1.172, low: 1, high: 2 },
      }),
      makeChange({ workload: "load", setUp: "url", metric: "latency-p99", verdict: "unsure" }),
    ],
    notes: ["the baseline had another processor: Example CPU @ 3.50GHz, now Example CPU @ 2.50GHz"],
  };
}
