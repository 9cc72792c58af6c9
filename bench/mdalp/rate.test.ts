import { test } from "uvu";
import * as assert from "uvu/assert";
import { rateTable, readRate } from "./rate.ts";

test("reads a rate", () => {
  assert.is(readRate("64781\n"), 64781);
});

for (const output of ["", "0\n", "NaN\n", "12\n13\n", "Traceback\n"]) {
  test(`refuses ${JSON.stringify(output)} as a rate`, () => {
    assert.throws(() => readRate(output), /no rate/);
  });
}

test("shows medians, ranges, and the ratio within the rounds", () => {
  const rates = new Map([["python", [100, 50, 200]], ["bun", [120, 50, 160]]]);
  const [python, bun] = rateTable(rates, "python").split("\n");
  assert.match(python ?? "", /^ +python +100\/s \(50\.\.200\)$/);
  assert.match(bun ?? "", /^ +bun +120\/s \(50\.\.160\) +bun\/python 1\.00 \(0\.80\.\.1\.20\)/);
});

test("shows no ratio where there is nothing to set it against", () => {
  assert.is(rateTable(new Map([["bun", [7]]])).includes("bun/"), false);
});

test.run();
