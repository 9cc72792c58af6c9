/** The server with the fewest requests in flight; those that are equal take turns. */
import type { Strategy } from "../strategy.ts";
import type { Upstream } from "../upstream.ts";

export function leastRequests(): Strategy {
  return new LeastRequests();
}

class LeastRequests implements Strategy {
  /** Where the search begins: behind the last pick, so that idle servers share. */
  #start = 0;

  pick(usable: readonly Upstream[]): Upstream | undefined {
    const count = usable.length;
    if (this.#start >= count) this.#start = 0;
    let least = usable[this.#start];
    let at = this.#start;
    for (let step = 1, index = this.#start + 1; step < count; step++, index++) {
      if (index >= count) index = 0;
      const candidate = usable[index] as Upstream;
      if (candidate.inFlight >= (least as Upstream).inFlight) continue;
      least = candidate;
      at = index;
    }
    this.#start = at + 1;
    return least;
  }
}
