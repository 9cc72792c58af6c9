import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SetUp } from "../model.ts";
import { warmUpMs } from "./estimate.ts";
import { pick } from "./only.ts";
import { plan } from "./test-kit.ts";

const PLAN = plan(["equal/none/bun", "equal/random/bun", "unequal/none/node"], {
  comparisons: [
    { setUp: "equal/random/bun", to: "equal/none/bun", kind: "balance" },
    { setUp: "unequal/none/node", to: "equal/none/bun", kind: "runtime" },
  ],
});

function ids(...only: string[]): string[] {
  return pick(PLAN, { only, rounds: undefined, windowMs: undefined }).setUps.map(({ id }) => id);
}

test("globs pick by id, and a word picks what has it as a part", () => {
  assert.equal(ids("equal/*/bun"), ["equal/none/bun", "equal/random/bun"]);
  assert.equal(ids("**/none/**"), ["equal/none/bun", "unequal/none/node"]);
  assert.equal(ids("unequal/**", "**/random/**"), ["equal/random/bun", "unequal/none/node"]);
  assert.equal(ids("random"), ["equal/random/bun"]);
  assert.equal(ids("equal"), ["equal/none/bun", "equal/random/bun"]);
  assert.equal(ids("node"), ["unequal/none/node"]);
  assert.equal(ids("nothing"), []);
  assert.is(ids().length, 3);
});

test("a comparison stays where both of its set-ups do", () => {
  const { comparisons } = pick(PLAN, {
    only: ["equal/**"],
    rounds: undefined,
    windowMs: undefined,
  });
  assert.equal(comparisons.map(({ kind }) => kind), ["balance"]);
});

test("rounds and windows may be given", () => {
  const picked = pick(PLAN, { only: [], rounds: 3, windowMs: 77 });
  assert.is(picked.rounds, 3);
  assert.is(picked.windowMs, 77);
});

test("what is left without a set-up to warm its processes up has a warm-up of its own", () => {
  const warmedByNone = { ...PLAN, warmUpMs: ({ id }: SetUp) => id.includes("none") ? 40 : 0 };
  const warmUps = (...only: string[]) => {
    const picked = pick(warmedByNone, { only, rounds: undefined, windowMs: undefined });
    return picked.setUps.map((setUp) => [setUp.id, warmUpMs(picked, setUp)]);
  };
  assert.equal(warmUps("bun"), [["equal/none/bun", 40], ["equal/random/bun", 0]]);
  assert.equal(warmUps("random"), [["equal/random/bun", PLAN.windowMs]]);
});

test.run();
