/** One server after the other. */
import type { Strategy } from "../strategy.ts";
import type { StrategyContext } from "../strategies.ts";
import type { Upstream } from "../upstream.ts";

export function roundRobin({ listed }: Pick<StrategyContext, "listed">): Strategy {
  return new RoundRobin(listed);
}

class RoundRobin implements Strategy {
  readonly #listed: readonly Upstream[];
  /** Among all listed: a place among those that are usable would mean another server each time. */
  #next = 0;

  constructor(listed: readonly Upstream[]) {
    this.#listed = listed;
  }

  pick(usable: readonly Upstream[]): Upstream | undefined {
    const { length } = this.#listed;
    for (let step = 0; step < length; step++) {
      const candidate = this.#listed[this.#next] as Upstream;
      this.#next = (this.#next + 1) % length;
      if (usable === this.#listed || usable.includes(candidate)) return candidate;
    }
    return undefined;
  }
}
