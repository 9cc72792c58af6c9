/** A strategy that chooses at times rather than for each request, as the lab's selectors do. */
import type { Choose } from "./choose.ts";
import { every } from "./every.ts";
import type { StrategyContext } from "./strategies.ts";
import type { Strategy } from "./strategy.ts";
import type { Upstream } from "./upstream.ts";

/** Chooses at once and then at each interval; between these all requests go to one server. */
export class TimedChoice implements Strategy {
  readonly #listed: readonly Upstream[];
  readonly #picks: number[];
  readonly #stop: () => void;
  #current: Upstream | undefined;

  constructor(context: StrategyContext, choose: Choose, intervalMs: number) {
    const { listed, random, clock } = context;
    this.#listed = listed;
    this.#picks = listed.map(() => 0);
    const next = () => {
      const { index } = choose(this.#picks, random);
      if (index < 0) return;
      this.#picks[index] = (this.#picks[index] as number) + 1;
      this.#current = listed[index];
    };
    next();
    this.#stop = every(context.intervalMs ?? intervalMs, next, clock);
  }

  /** The server of this interval; where it cannot be used, the first that can. */
  pick(usable: readonly Upstream[]): Upstream | undefined {
    const current = this.#current;
    if (usable === this.#listed || current === undefined) return current;
    return usable.includes(current) ? current : usable[0];
  }

  close(): void {
    this.#stop();
  }
}
