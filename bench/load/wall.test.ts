import { test } from "uvu";
import * as assert from "uvu/assert";
import { wallMs } from "./wall.ts";
import type { Timed } from "./wall.ts";

const CLOSED = { rate: undefined, durationMs: 100 };
/** 50 requests, 2 ms apart. */
const OPEN = { rate: 500, durationMs: 100 };

const WHOLE: Timed = { firstMs: 1000, firstEndMs: 1010, lastMs: 1150, window: null, requests: 5 };

const CASES: readonly [
  what: string,
  plan: typeof CLOSED | typeof OPEN,
  parts: Timed[],
  ms: number,
][] = [
  ["a window", CLOSED, [{ ...WHOLE, window: { fromMs: 1020, toMs: 1121 } }], 101],
  ["two windows, the rates of which add up", CLOSED, [
    { ...WHOLE, window: { fromMs: 1020, toMs: 1120 }, requests: 50 },
    { ...WHOLE, window: { fromMs: 1025, toMs: 1225 }, requests: 50 },
  ], 100 / 0.75],
  ["no window", CLOSED, [WHOLE, { ...WHOLE, firstMs: 999, lastMs: 1160 }], 161],
  ["a rate that is kept up with", OPEN, [{ ...WHOLE, firstEndMs: 1001, lastMs: 1099 }], 100],
  ["the same with a long latency", OPEN, [{ ...WHOLE, firstEndMs: 1060, lastMs: 1158 }], 100],
  ["a server of 250 a second", OPEN, [{ ...WHOLE, firstEndMs: 1004, lastMs: 1200 }], 200],
  ["two workers of an open loop", OPEN, [
    { ...WHOLE, firstEndMs: 1004, lastMs: 1196 },
    { ...WHOLE, firstEndMs: 1008, lastMs: 1200 },
  ], 200],
  ["one slow request", { rate: 1, durationMs: 100 }, [{ ...WHOLE, lastMs: 3000 }], 2000],
  ["one quick request", { rate: 1, durationMs: 100 }, [WHOLE], 1000],
];

for (const [what, plan, parts, ms] of CASES) {
  test(`${what}: ${ms.toFixed(0)} ms`, () => {
    assert.ok(Math.abs(wallMs(plan, parts) - ms) < 1e-6, `${wallMs(plan, parts)}`);
  });
}

test.run();
