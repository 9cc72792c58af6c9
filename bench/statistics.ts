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
 * The median of the ratios within each round, with a 95 % percentile bootstrap interval. What
 * disturbs a round disturbs both of its values, so the ratio is taken before the median.
 */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): Estimate {
  if (ours.length !== theirs.length || ours.length === 0) {
    throw new RangeError(`${ours.length} and ${theirs.length} values make no pairs`);
  }
  const ratios = ours.map((value, round) => value / (theirs[round] as number));
  const random = repeatable();
  const medians = Array.from(
    { length: RESAMPLES },
    () => median(ratios.map(() => ratios[Math.floor(random() * ratios.length)] as number)),
  ).sort((a, b) => a - b);
  return {
    median: median(ratios),
    low: medians[Math.floor(RESAMPLES * 0.025)] as number,
    high: medians[Math.ceil(RESAMPLES * 0.975) - 1] as number,
  };
}

/** Numbers in [0, 1), the same each time, so that the same rounds give the same interval. */
function repeatable(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x1_0000_0000;
  };
}
