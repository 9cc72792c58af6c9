/** The server with the fewest requests in flight; those that are equal take turns. */
import type { Strategy } from "../strategy.ts";
import type { StrategyContext } from "../strategies.ts";
import type { Upstream } from "../upstream.ts";

export function leastRequests({ listed }: Pick<StrategyContext, "listed">): Strategy {
  return new LeastRequests(listed);
}

class LeastRequests implements Strategy {
  readonly #listed: readonly Upstream[];
  /** Where the search begins among all listed: behind the last pick, so that idle servers share. */
  #start = 0;

  constructor(listed: readonly Upstream[]) {
    this.#listed = listed;
  }

  pick(usable: readonly Upstream[]): Upstream | undefined {
    const { length } = this.#listed;
    let least: Upstream | undefined;
    let at = this.#start;
    for (let step = 0; step < length; step++) {
      const index = (this.#start + step) % length;
      const candidate = this.#listed[index] as Upstream;
      if (least && candidate.inFlight >= least.inFlight) continue;
      if (usable !== this.#listed && !usable.includes(candidate)) continue;
      least = candidate;
      at = index;
    }
    this.#start = (at + 1) % length;
    return least;
  }
}
