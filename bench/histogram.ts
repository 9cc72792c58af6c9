/** Latencies in microseconds, mergeable, exact to a thousandth: HDR histograms. */
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from "hdr-histogram-js";

/** Beyond ten minutes a latency is noted as ten minutes. */
const MOST_US = 600_000_000;

export type LatencyHistogram = Histogram;

export function latencyHistogram(): LatencyHistogram {
  return build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: MOST_US,
    numberOfSignificantValueDigits: 3,
    autoResize: false,
  });
}

/** Microseconds; a fraction is rounded. */
export function recordUs(into: LatencyHistogram, us: number): void {
  into.recordValue(Math.min(MOST_US, Math.max(0, Math.round(us))));
}

/** The format of HdrHistogram's log files, which its tools read. */
export function encodeHistogram(histogram: LatencyHistogram): string {
  return encodeIntoCompressedBase64(histogram);
}

/** Throws on what is no such text. */
export function decodeHistogram(text: string): LatencyHistogram {
  return decodeFromCompressedBase64(text, 32);
}

/** All of them as one. */
export function mergeHistograms(parts: Iterable<LatencyHistogram>): LatencyHistogram {
  const whole = latencyHistogram();
  for (const part of parts) whole.add(part);
  return whole;
}

/** Microseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** All 0 where nothing was recorded. */
export function summarize(histogram: LatencyHistogram): LatencySummary {
  const count = histogram.totalCount;
  const max = count === 0 ? 0 : histogram.maxValue;
  // A percentile is the greatest value that is kept as the same one, which may be beyond any that came.
  const at = (percentile: number) =>
    count === 0 ? 0 : Math.min(max, histogram.getValueAtPercentile(percentile));
  return {
    count,
    mean: count === 0 ? 0 : histogram.mean,
    // `minNonZeroValue` would leave out the latencies that are rounded to 0.
    min: at(0),
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max,
  };
}
