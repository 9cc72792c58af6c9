/** Two distinct servers at random and the better of them: the power of two choices. */
import type { Upstream } from "./upstream.ts";

/**
 * The better of two; the first drawn where neither is. Source: M. Mitzenmacher, "The Power of Two
 * Choices in Randomized Load Balancing", 2001.
 *
 * @param random numbers in [0, 1)
 * @param better whether the second is better than the first
 */
export function betterOfTwo(
  usable: readonly Upstream[],
  random: () => number,
  better: (second: Upstream, first: Upstream) => boolean,
): Upstream | undefined {
  const count = usable.length;
  if (count < 2) return usable[0];
  const index = Math.floor(random() * count);
  const other = Math.floor(random() * (count - 1));
  const first = usable[index] as Upstream;
  const second = usable[other < index ? other : other + 1] as Upstream;
  return better(second, first) ? second : first;
}
