/** The tests behind statistical cases. Each is exact or bounded on the safe side. */

/** The natural logarithm of n!, by Stirling's series above 20. */
function logFactorial(n: number): number {
  if (n < 2) return 0;
  if (n <= 20) {
    let sum = 0;
    for (let i = 2; i <= n; i++) sum += Math.log(i);
    return sum;
  }
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3);
}

/** P(X <= k) for X binomial with n trials of probability p. */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  let sum = 0;
  for (let i = 0; i <= Math.min(k, n); i++) {
    sum += Math.exp(
      logFactorial(n) - logFactorial(i) - logFactorial(n - i) + i * Math.log(p) +
        (n - i) * Math.log1p(-p),
    );
  }
  return Math.min(1, sum);
}

/** Pearson's statistic of counts against shares (which need not add up to 1). */
export function chiSquared(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const parts = shares.reduce((sum, share) => sum + share, 0);
  return counts.reduce((sum, count, i) => {
    const expected = total * (shares[i] as number) / parts;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** P(X > x) for X chi-squared with an even number of degrees of freedom: a finite sum. */
export function chiSquaredAbove(x: number, degrees: number): number {
  if (degrees % 2 !== 0) throw new RangeError(`degrees of freedom ${degrees} must be even`);
  let term = Math.exp(-x / 2);
  let sum = term;
  for (let i = 1; i < degrees / 2; i++) {
    term *= x / 2 / i;
    sum += term;
  }
  return sum;
}

/**
 * How far the number of runs of equal neighbours lies from that of the same draws in random order,
 * in standard deviations (Wald and Wolfowitz, for k categories: Barton and David 1957).
 */
export function runsDeviation(sequence: readonly number[]): number {
  const n = sequence.length;
  const counts = new Map<number, number>();
  for (const item of sequence) counts.set(item, (counts.get(item) ?? 0) + 1);
  let squares = 0;
  let cubes = 0;
  for (const count of counts.values()) {
    squares += count ** 2;
    cubes += count ** 3;
  }
  const mean = (n * (n + 1) - squares) / n;
  const variance = (squares * (squares + n * (n + 1)) - 2 * n * cubes - n ** 3) / (n * n * (n - 1));
  let runs = 1;
  for (let i = 1; i < n; i++) if (sequence[i] !== sequence[i - 1]) runs++;
  return variance <= 0 ? 0 : (runs - mean) / Math.sqrt(variance);
}

/** The largest share of positions that equal the one `lag` later, over lags 1..longest. */
export function strongestRepeat(
  sequence: readonly number[],
  longest: number,
): { lag: number; share: number } {
  let best = { lag: 0, share: 0 };
  for (let lag = 1; lag <= longest; lag++) {
    let same = 0;
    for (let i = lag; i < sequence.length; i++) if (sequence[i] === sequence[i - lag]) same++;
    const share = same / (sequence.length - lag);
    if (share > best.share) best = { lag, share };
  }
  return best;
}
