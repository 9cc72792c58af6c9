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

/** The median with a 95 % percentile bootstrap interval; NaN of no values. */
export function medianEstimate(values: readonly number[]): Estimate {
  const random = repeatable();
  return interval(median(values), () => median(resample(values, random)));
}

/**
 * The median of the ratios within each round, with a 95 % percentile bootstrap interval. What
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
    () => median(resample(ours, random)) / median(resample(theirs, random)),
  );
}

function interval(middle: number, another: () => number): Estimate {
  const found = Array.from({ length: RESAMPLES }, another).sort((a, b) => a - b);
  return {
    median: middle,
    low: found[Math.floor(RESAMPLES * 0.025)] as number,
    high: found[Math.ceil(RESAMPLES * 0.975) - 1] as number,
  };
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
