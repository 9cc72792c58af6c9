/**
 * Latency as a moving average that takes a peak at once and forgets it slowly, times the requests
 * in flight. After Peak EWMA of Twitter's Finagle (finagle-core, `PeakEwma.scala`), which too draws
 * two servers and takes the cheaper: constant work per request, and several proxies before the same
 * servers do not all rush to the one that is cheapest just now, as they would with the minimum.
 */
import type { StrategyContext } from "../strategies.ts";
import type { Strategy } from "../strategy.ts";
import { betterOfTwo } from "../two-draws.ts";
import type { Upstream } from "../upstream.ts";

/** After so many milliseconds a latency weighs 1/e. */
export const DECAY_MS = 10_000;

/**
 * The latency assumed of a server that has requests but has not answered any: one request to a new
 * server is welcome, a flood before its first answer is not.
 */
const UNKNOWN_MS = 1e9;

interface Average {
  ms: number;
  atMs: number;
}

export function peakEwma(context: StrategyContext): Strategy {
  return new PeakEwma(context);
}

class PeakEwma implements Strategy {
  readonly #random: () => number;
  readonly #now: () => number;
  readonly #averages = new Map<Upstream, Average>();
  #pickedAtMs = 0;

  constructor({ random, now }: StrategyContext) {
    this.#random = random;
    this.#now = now;
  }

  pick(usable: readonly Upstream[]): Upstream | undefined {
    if (usable.length < 2) return usable[0];
    this.#pickedAtMs = this.#now();
    return betterOfTwo(usable, this.#random, this.#cheaper);
  }

  answered(upstream: Upstream, latencyMs: number): void {
    const now = this.#now();
    const average = this.#averages.get(upstream);
    if (!average) return void this.#averages.set(upstream, { ms: latencyMs, atMs: now });
    // A peak counts whole; what is better than the average only as far as time has passed.
    const weight = latencyMs > average.ms ? 0 : Math.exp((average.atMs - now) / DECAY_MS);
    average.ms = average.ms * weight + latencyMs * (1 - weight);
    average.atMs = now;
  }

  readonly #cheaper = (second: Upstream, first: Upstream): boolean => {
    const difference = this.#cost(second) - this.#cost(first);
    return difference < 0 || (difference === 0 && second.inFlight < first.inFlight);
  };

  /** The average decays while nothing comes, so that a server that was slow is tried again. */
  #cost(upstream: Upstream): number {
    const { inFlight } = upstream;
    const average = this.#averages.get(upstream);
    if (!average) return inFlight === 0 ? 0 : UNKNOWN_MS * inFlight;
    return average.ms * Math.exp((average.atMs - this.#pickedAtMs) / DECAY_MS) * (inFlight + 1);
  }
}
