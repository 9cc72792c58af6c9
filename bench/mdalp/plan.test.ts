import { test } from "uvu";
import * as assert from "uvu/assert";
import { expectedMs, orderOf, setUpOf } from "./order.ts";
import { mdalpPlan } from "./plan.ts";

const QUICK = mdalpPlan({ extent: "quick", runtimes: undefined });
const FULL = mdalpPlan({ extent: "full", runtimes: undefined });
const ALL = mdalpPlan({ extent: "full", runtimes: ["bun", "deno", "node"] });

test("the quick extent has the same set-ups as ever", () => {
  assert.equal(QUICK.setUps.map(({ id }) => id), [
    "5kB/balanced/loss-0/bun",
    "5kB/only-a/loss-0/bun",
    "5kB/only-b/loss-0/bun",
    "5kB/only-c/loss-0/bun",
    "5kB/balanced/loss-8/bun",
  ]);
});

test("a round of the quick extent takes some 4 s", () => {
  const roundMs = QUICK.setUps.reduce((sum, setUp) => sum + (QUICK.leastMs?.(setUp) ?? 0), 0);
  assert.ok(roundMs > 3500 && roundMs < 4500, String(roundMs));
});

test("the full extent has each mode, loss, size and runtime once, if the runtimes are named", () => {
  const ids = ["5kB", "1MB"].flatMap((size) =>
    ["balanced", "only-a", "only-b", "only-c"].flatMap((mode) =>
      [0, 4, 8].flatMap((loss) =>
        ["bun", "deno", "node"].map((on) => `${size}/${mode}/loss-${loss}/${on}`)
      )
    )
  );
  assert.equal(ALL.setUps.map(({ id }) => id).sort(), ids.sort());
});

test("else 1 MB goes to single receivers on Bun alone, and takes 80 minutes with that", () => {
  const left = ALL.setUps.filter(({ id }) => !FULL.setUps.some((setUp) => setUp.id === id));
  assert.is(left.length, 18);
  assert.ok(left.every(({ id }) => /^1MB\/only-.\/loss-.\/(deno|node)$/.test(id)));
  assert.equal(FULL.leftOut.map(({ what }) => what), ["1 MB to single receivers on Deno and Node"]);
  assert.equal([...ALL.leftOut, ...QUICK.leftOut], []);
  const roundMs = FULL.setUps.reduce((sum, setUp) => sum + expectedMs(orderOf(setUp)), 0);
  assert.ok(roundMs * (FULL.rounds + 1) < 80 * 60_000, String(roundMs));
});

for (const [name, plan] of Object.entries({ QUICK, FULL, ALL })) {
  test(`${name} compares set-ups that it has, each pair once`, () => {
    const ids = plan.setUps.map(({ id }) => id);
    const pairs = plan.comparisons.map(({ setUp, to }) => `${setUp} ${to}`);
    assert.is(new Set(ids).size, ids.length);
    assert.is(new Set(pairs).size, pairs.length);
    assert.ok(plan.comparisons.every(({ setUp, to }) => ids.includes(setUp) && ids.includes(to)));
  });

  test(`${name}: all of a set-up stands in its parameters`, () => {
    for (const setUp of plan.setUps) {
      assert.equal(setUpOf(orderOf(setUp), setUp.runtime as "bun"), setUp);
    }
  });
}

test("the balanced transfer is compared with each receiver, and with that on Bun", () => {
  const of = (setUp: string) =>
    ALL.comparisons.filter((one) => one.setUp === setUp).map(({ to, kind }) => `${kind} ${to}`);
  const single = ["a", "b", "c"].map((name) => `balance 5kB/only-${name}/loss-4/node`);
  assert.equal(of("5kB/balanced/loss-4/node"), [...single, "runtime 5kB/balanced/loss-4/bun"]);
});

test("without Bun the first runtime is what the others are compared with", () => {
  const { comparisons } = mdalpPlan({ extent: "quick", runtimes: ["node", "deno"] });
  const kinds = comparisons.filter(({ kind }) => kind === "runtime");
  assert.equal(kinds.map(({ to }) => to), ["5kB/balanced/loss-0/node", "5kB/balanced/loss-8/node"]);
});

test.run();
