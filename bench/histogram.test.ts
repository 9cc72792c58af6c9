import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  decodeHistogram,
  encodeHistogram,
  latencyHistogram,
  mergeHistograms,
  recordUs,
  summarize,
} from "./histogram.ts";

function histogramOf(...latenciesUs: number[]) {
  const histogram = latencyHistogram();
  for (const us of latenciesUs) recordUs(histogram, us);
  return histogram;
}

const TO_1000 = Array.from({ length: 1000 }, (_, i) => i + 1);

test("percentiles are of all values, up to 2 ms to the microsecond", () => {
  assert.equal(summarize(histogramOf(...TO_1000)), {
    count: 1000,
    mean: 500.5,
    min: 1,
    p50: 500,
    p90: 900,
    p95: 950,
    p99: 990,
    p999: 999,
    max: 1000,
  });
});

test("longer ones are exact to a thousandth", () => {
  const { p50, mean } = summarize(histogramOf(123_457));
  for (const us of [p50, mean]) assert.ok(Math.abs(us / 123_457 - 1) <= 0.001, `${us}`);
});

test("no percentile is beyond the greatest value, and none below the least", () => {
  for (const us of [123_456, 234_567, 9_999_999]) {
    const { min, p50, p90, p999, max } = summarize(histogramOf(us, us, us + 1));
    assert.ok(
      min <= p50 && p50 <= p90 && p90 <= p999 && p999 <= max,
      `${min} ${p50} ${p999} ${max}`,
    );
  }
});

test("nothing recorded is 0 throughout", () => {
  assert.equal([...new Set(Object.values(summarize(latencyHistogram())))], [0]);
});

test("less than half a microsecond is 0, as the least value too", () => {
  assert.equal([...new Set(Object.values(summarize(histogramOf(0.2))))], [1, 0]);
  assert.is(summarize(histogramOf(0.2, 70)).min, 0);
  assert.is(summarize(histogramOf(-3)).max, 0);
});

test("more than ten minutes is ten minutes", () => {
  const { min, p50, max } = summarize(histogramOf(5e9));
  assert.is(max, 600_000_000);
  assert.ok(p50 <= max && min / max > 0.999, `${min} ${p50}`);
});

test("merged histograms are as one that had all values", () => {
  const even = histogramOf(...TO_1000.filter((us) => us % 2 === 0));
  const odd = histogramOf(...TO_1000.filter((us) => us % 2 === 1));
  const merged = mergeHistograms([even, latencyHistogram(), odd]);
  assert.equal(summarize(merged), summarize(histogramOf(...TO_1000)));
  assert.equal(summarize(mergeHistograms([])), summarize(latencyHistogram()));
  assert.is(even.totalCount, 500, "the parts stay as they were");
});

test("what was written is read again to a thousandth, and can be merged", () => {
  const written = histogramOf(0, 3, 250, 123_457, 5e8);
  const read = decodeHistogram(encodeHistogram(written));
  const expected = Object.entries(summarize(written));
  for (const [i, [name, is]] of Object.entries(summarize(read)).entries()) {
    const [, was] = expected[i] as [string, number];
    assert.ok(Math.abs(is - was) <= was / 1000, `${name}: ${is}, written ${was}`);
  }
  const twice = mergeHistograms([read, read]);
  assert.equal(summarize(twice), { ...summarize(read), count: 10 });
  assert.throws(() => decodeHistogram("no histogram"));
});

test.run();
