/** For tests: numbers that are random and the same in each run. */

/** Numbers in [0, 1) from a seed, by Marsaglia's multiply-with-carry in two 16-bit halves. */
export function generator(seed: number): () => number {
  let high = 362436069 ^ Math.imul(seed, 0x9e3779b1);
  let low = 521288629 + seed | 0;
  const next = () => {
    high = Math.imul(36969, high & 0xffff) + (high >>> 16) | 0;
    low = Math.imul(18000, low & 0xffff) + (low >>> 16) | 0;
    return ((high << 16) + low >>> 0) / 0x1_0000_0000;
  };
  // The first numbers of neighbouring seeds are alike.
  for (let i = 0; i < 20; i++) next();
  return next;
}

/** Draws of 0, 1, 2 ... with these shares (which need not add up to 1). */
export function draws(
  random: () => number,
  shares: readonly number[],
  count: number,
): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const sequence: number[] = [];
  // A plain loop: simulations draw tens of millions.
  for (let drawn = 0; drawn < count; drawn++) {
    let left = random() * total - (shares[0] as number);
    let index = 0;
    while (left >= 0 && index < shares.length - 1) left -= shares[++index] as number;
    sequence.push(index);
  }
  return sequence;
}

/** How often each of so many values was drawn. */
export function countsOf(sequence: readonly number[], values: number): number[] {
  const counts = Array<number>(values).fill(0);
  for (const item of sequence) counts[item] = counts[item]! + 1;
  return counts;
}
