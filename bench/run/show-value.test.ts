import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Metric } from "../model.ts";
import { showValue } from "./show-value.ts";

const SHOWN: readonly [metric: Metric, value: number, text: string][] = [
  ["request-rate", 12_345.6, "12,346 requests/s"],
  ["request-rate", 7.25, "7.3 requests/s"],
  ["byte-rate", 123.4e6, "123 MB/s"],
  ["byte-rate", 45.67e6, "45.7 MB/s"],
  // Three digits of this are 1.00e+3.
  ["byte-rate", 999.7e6, "1,000 MB/s"],
  ["byte-rate", 512, "512 bytes/s"],
  ["makespan-ratio", 1.0369, "1.037 x bound"],
  ["makespan", 3.357, "3.36 s"],
];

for (const [metric, value, text] of SHOWN) {
  test(`a ${metric} of ${value} is ${text}`, () => {
    assert.is(showValue(metric, value), text);
  });
}

test.run();
