/** Medians, and how sure they are. */

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

export interface Estimate {
  readonly median: number;
  /** Bounds of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 4000;

/**
 * Of fewer values no interval can be had: the least and the greatest of five hold the median between
 * them 94 times in 100, those of six 97 times.
 */
export const LEAST_ROUNDS = 6;

/** The median with a 95 % bootstrap interval; NaN of no values. */
export function medianEstimate(values: readonly number[]): Estimate {
  const random = repeatable();
  return interval(median(values), values.length, () => median(resample(values, random)));
}

/**
 * The median of the ratios within each round, with a 95 % bootstrap interval. What
 * disturbs a round disturbs both of its values, so the ratio is taken before the median.
 */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): Estimate {
  if (ours.length !== theirs.length || ours.length === 0) {
    throw new RangeError(`${ours.length} and ${theirs.length} values make no pairs`);
  }
  return medianEstimate(ours.map((value, round) => value / (theirs[round] as number)));
}

/** The ratio of the medians of two runs, whose rounds are no pairs, with its 95 % bootstrap interval. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): Estimate {
  if (ours.length === 0 || theirs.length === 0) throw new RangeError("no values to compare");
  const random = repeatable();
  return interval(
    median(ours) / median(theirs),
    Math.min(ours.length, theirs.length),
    () => median(resample(ours, random)) / median(resample(theirs, random)),
  );
}

/**
 * The percentiles are taken further out than 2.5 and 97.5, since of few values a bootstrap's spread
 * is too narrow. Source: Hesterberg, "What Teachers Should Know About the Bootstrap" (2015), the
 * expanded percentile interval: Student's t for the normal quantile, and n for n - 1.
 */
function interval(middle: number, values: number, another: () => number): Estimate {
  const found = Array.from({ length: RESAMPLES }, another).sort((a, b) => a - b);
  const tail = RESAMPLES * tailOf(values);
  return {
    median: middle,
    low: found[Math.floor(tail)] as number,
    high: found[RESAMPLES - 1 - Math.floor(tail)] as number,
  };
}

/** Student's t at 97.5 % for 1, 2, ... degrees of freedom. */
const STUDENT_T = [
  12.706,
  4.303,
  3.182,
  2.776,
  2.571,
  2.447,
  2.365,
  2.306,
  2.262,
  2.228,
  2.201,
  2.179,
  2.16,
  2.145,
  2.131,
  2.12,
  2.11,
  2.101,
  2.093,
  2.086,
  2.08,
  2.074,
  2.069,
  2.064,
  2.06,
  2.056,
  2.052,
  2.048,
  2.045,
  2.042,
];

/** What is left of a bootstrap's values on either side, 0 to 0.025. */
function tailOf(values: number): number {
  if (values < 2) return 0;
  // Beyond the table by its usual approximation.
  const t = STUDENT_T[values - 2] ?? 1.96 + 2.4 / (values - 1);
  return normalTail(t * Math.sqrt(values / (values - 1)));
}

/** Above `z` standard deviations; Abramowitz and Stegun, 26.2.17, to 1e-7. */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial = t * (0.31938153 +
    t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * polynomial;
}

function resample(values: readonly number[], random: () => number): number[] {
  return values.map(() => values[Math.floor(random() * values.length)] as number);
}

/** Whether each lies beyond Tukey's fences: 1.5 quartile distances off the quartiles. */
export function outliers(values: readonly number[]): boolean[] {
  if (values.length < LEAST_ROUNDS) return values.map(() => false);
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const low = median(sorted.slice(0, half));
  const high = median(sorted.slice(-half));
  const reach = 1.5 * (high - low);
  return values.map((value) => value < low - reach || value > high + reach);
}

/** Numbers in [0, 1), the same each time, so that the same rounds give the same interval. */
function repeatable(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x1_0000_0000;
  };
}
