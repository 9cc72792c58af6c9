import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  makespanBoundMs,
  makespanMs,
  splitByInverseLatency,
  SplitError,
  splitGreedily,
} from "./split.ts";

const test = suite("split");
const latencies = fc.array(fc.double({ min: 1, max: 2000, noNaN: true }), {
  minLength: 1,
  maxLength: 5,
});
const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);

test("50 packets over 335, 163 and 157 ms are 10, 20 and 20: within one of the published run", () => {
  assert.equal(splitByInverseLatency(50, [335, 163, 157]), [10, 20, 20]);
});

for (
  const [name, split] of [["inverse", splitByInverseLatency], ["greedy", splitGreedily]] as const
) {
  test(`${name}: counts add up, and none is under the floor`, () => {
    fc.assert(fc.property(fc.nat(500), latencies, (packets, ms) => {
      const counts = split(packets, ms);
      const floor = Math.min(Math.ceil(packets / 10), Math.floor(packets / ms.length));
      assert.is(sum(counts), packets);
      assert.ok(counts.every((count) => count >= floor), `${counts} with a floor of ${floor}`);
    }));
  });

  test(`${name}: no slower receiver gets more`, () => {
    fc.assert(fc.property(fc.nat(500), latencies, (packets, ms) => {
      const counts = split(packets, ms);
      for (const [i, a] of ms.entries()) {
        for (const [j, b] of ms.entries()) {
          if (a > b) {
            assert.ok((counts[i] as number) <= (counts[j] as number), `${counts} for ${ms}`);
          }
        }
      }
    }));
  });
}

test("greedy has the least makespan that the floor allows: against all splits of small cases", () => {
  const small = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 3 });
  fc.assert(fc.property(fc.integer({ min: 1, max: 14 }), small, (packets, ms) => {
    const floor = Math.min(Math.ceil(packets / 10), Math.floor(packets / ms.length));
    const best = Math.min(
      ...everySplit(packets, ms.length, floor).map((counts) => makespanMs(counts, ms)),
    );
    assert.is(makespanMs(splitGreedily(packets, ms), ms), best);
  }));
});

test("inverse is within one packet of 1/latency where the floor does not bind", () => {
  fc.assert(fc.property(fc.integer({ min: 10, max: 500 }), latencies, (packets, ms) => {
    const sumOfRates = sum(ms.map((latency) => 1 / latency));
    const exact = ms.map((latency) => packets / latency / sumOfRates);
    const floor = Math.min(Math.ceil(packets / 10), Math.floor(packets / ms.length));
    fc.pre(exact.every((share) => share >= floor));
    for (const [i, count] of splitByInverseLatency(packets, ms).entries()) {
      assert.ok(Math.abs(count - (exact[i] as number)) < 1, `${count} for ${exact[i]}`);
    }
  }));
});

test("inverse is no further from the least makespan than one packet of the slowest", () => {
  const small = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 3 });
  fc.assert(fc.property(fc.integer({ min: 1, max: 14 }), small, (packets, ms) => {
    const floor = Math.min(Math.ceil(packets / 10), Math.floor(packets / ms.length));
    const best = Math.min(
      ...everySplit(packets, ms.length, floor).map((counts) => makespanMs(counts, ms)),
    );
    const took = makespanMs(splitByInverseLatency(packets, ms), ms);
    assert.ok(took <= best + Math.max(...ms), `${took} where ${best} is the least`);
  }));
});

test("nobody gets all, and everybody a tenth rounded up, where there is enough for it", () => {
  const few = fc.array(fc.double({ min: 1, max: 2000, noNaN: true }), {
    minLength: 2,
    maxLength: 5,
  });
  fc.assert(fc.property(fc.integer({ min: 10, max: 500 }), few, (packets, ms) => {
    for (const split of [splitByInverseLatency, splitGreedily]) {
      const counts = split(packets, ms);
      assert.ok(Math.max(...counts) < packets, `${counts}`);
      assert.ok(Math.min(...counts) >= Math.ceil(packets / 10), `${counts}`);
    }
  }));
});

function everySplit(packets: number, parts: number, floor: number): number[][] {
  if (parts === 1) return packets >= floor ? [[packets]] : [];
  const all: number[][] = [];
  for (let first = floor; first <= packets; first++) {
    for (const rest of everySplit(packets - first, parts - 1, floor)) all.push([first, ...rest]);
  }
  return all;
}

test("greedy lies within the bounds of the spec where the floor does not bind", () => {
  const near = fc.array(fc.integer({ min: 100, max: 150 }), { minLength: 2, maxLength: 5 });
  fc.assert(fc.property(fc.integer({ min: 50, max: 500 }), near, (packets, ms) => {
    const took = makespanMs(splitGreedily(packets, ms), ms);
    assert.ok(took >= makespanBoundMs(packets, ms) - 1e-9);
    assert.ok(took <= makespanBoundMs(packets + ms.length - 1, ms) + 1e-9);
  }));
});

for (const [packets, ms] of [[1.5, [1]], [-1, [1]], [5, []], [5, [0]], [5, [NaN]]] as const) {
  test(`refuses ${packets} packets over [${ms}]`, () => {
    assert.throws(
      () => splitByInverseLatency(packets, ms),
      (e: unknown) => e instanceof SplitError,
    );
  });
}

test.run();
