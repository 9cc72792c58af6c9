/** A workload without a network, for the tests of what runs workloads. */
import { latencyHistogram, recordUs } from "../histogram.ts";
import type { OpenWorkload, Plan, SetUp, Slice, Workload } from "../model.ts";
import type { WorkloadRun } from "./run-workload.ts";

export function setUp(id: string, more: Partial<SetUp> = {}): SetUp {
  return {
    id,
    group: "a group",
    name: id,
    runtime: "bun",
    metric: "request-rate",
    balanced: undefined,
    parameters: {},
    ...more,
  };
}

export function plan(ids: readonly string[], more: Partial<Plan> = {}): Plan {
  return {
    setUps: ids.map((id) => setUp(id)),
    comparisons: [],
    leftOut: [],
    rounds: 6,
    windowMs: 1,
    ...more,
  };
}

/** A stretch of 10 ms with ten transfers. */
export function slice(more: Partial<Slice> = {}): Slice {
  const latency = latencyHistogram();
  for (let i = 0; i < 10; i++) recordUs(latency, 900 + i);
  return { wallMs: 10, requests: 10, bytes: 1000, latency, failures: {}, ...more };
}

export function workload(planned: Plan, sample: OpenWorkload["sample"]): Workload {
  return {
    name: "made-up",
    summary: "nothing real",
    plan: () => planned,
    open: () => Promise.resolve({ sample }),
  };
}

export function runOf(more: Partial<WorkloadRun> = {}): WorkloadRun {
  return {
    extent: "quick",
    seed: 1,
    rate: undefined,
    signal: new AbortController().signal,
    now: () => performance.now(),
    ...more,
  };
}

export const MISMATCH = {
  url: "http://127.0.0.1:1/a",
  expectedBytes: 3,
  expectedSha256: "aa",
  actualBytes: 3,
  actualSha256: "bb",
  at: 1,
} as const;
