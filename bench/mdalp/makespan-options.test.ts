import { test } from "uvu";
import * as assert from "uvu/assert";
import { readOptions } from "./makespan-options.ts";

test("measures the published run's receivers unless told otherwise", () => {
  assert.equal(readOptions([]), {
    seeds: 20,
    loss: 0.08,
    latenciesMs: [335, 163, 157],
    bytes: 5000,
    jobs: 10,
    repeats: 5,
  });
});

test("takes what is given", () => {
  const argv = "--seeds 3 --loss 20 --latencies 40,20 --bytes 900 --jobs 4 --repeats 1".split(" ");
  assert.equal(readOptions(argv), {
    seeds: 3,
    loss: 0.2,
    latenciesMs: [40, 20],
    bytes: 900,
    jobs: 4,
    repeats: 1,
  });
});

test("asks for help with -h", () => {
  assert.is(readOptions(["-h"]), "help");
});

const WRONG: readonly [argv: string, told: RegExp][] = [
  ["--seeds 0", /--seeds "0" is not a whole number in 1..1000/],
  ["--loss 90", /--loss "90" is not a whole number in 0..50/],
  ["--bytes many", /"many"/],
  ["--latencies 30,", /"30," is not up to ten milliseconds/],
  ["--latencies 1,2,3,4,5,6,7,8,9,10,11", /up to ten/],
  ["--seed 3", /--seeds <number>/],
  ["bytes", /--bytes <number>/],
];

for (const [argv, told] of WRONG) {
  test(`refuses ${argv}`, () => {
    assert.throws(() => readOptions(argv.split(" ")), told);
  });
}

test.run();
