/** Of two servers at random, the one with fewer requests in flight. */
import type { StrategyContext } from "../strategies.ts";
import type { Strategy } from "../strategy.ts";
import { betterOfTwo } from "../two-draws.ts";
import type { Upstream } from "../upstream.ts";

export function powerOfTwo({ random }: StrategyContext): Strategy {
  return { pick: (usable) => betterOfTwo(usable, random, idler) };
}

function idler(second: Upstream, first: Upstream): boolean {
  return second.inFlight < first.inFlight;
}
