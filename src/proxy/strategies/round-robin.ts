/** One server after the other. */
import type { Strategy } from "../strategy.ts";
import type { Upstream } from "../upstream.ts";

export function roundRobin(): Strategy {
  return new RoundRobin();
}

class RoundRobin implements Strategy {
  #next = 0;

  pick(usable: readonly Upstream[]): Upstream | undefined {
    if (this.#next >= usable.length) this.#next = 0;
    return usable[this.#next++];
  }
}
