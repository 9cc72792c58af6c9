/** A transfer begins when the one before it on the same slot is over. */
import { performance } from "node:perf_hooks";
import { BACK_OFF_MS } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";
import type { Slot } from "./slot.ts";
import type { Window } from "./window.ts";

export class ClosedLoop implements Schedule {
  readonly idleMs = 0;
  readonly #window: Window;
  #stopped = false;
  #under = 0;
  #over: () => void = () => {};

  /** Begins transfers until the end of the window, and one in each slot at least. */
  constructor(window: Window) {
    this.#window = window;
  }

  start(slots: readonly Slot[]): Promise<void> {
    return new Promise((resolve) => {
      this.#over = resolve;
      this.#under = slots.length;
      for (const slot of slots) slot.begin(performance.now());
    });
  }

  free(slot: Slot, nowMs: number, broken: boolean): void {
    if (broken) setTimeout(() => this.#next(slot, performance.now()), BACK_OFF_MS);
    else this.#next(slot, nowMs);
  }

  expire(): void {}

  stop(): void {
    this.#stopped = true;
    this.#over();
  }

  #next(slot: Slot, nowMs: number): void {
    if (!this.#stopped && nowMs < this.#window.untilMs) return slot.begin(nowMs);
    if (--this.#under === 0) this.#over();
  }
}
