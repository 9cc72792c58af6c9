/** A transfer begins when the one before it on the same slot is over. */
import { performance } from "node:perf_hooks";
import { BACK_OFF_MS } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";
import type { Slot } from "./slot.ts";

export class ClosedLoop implements Schedule {
  readonly idleMs = 0;
  #endMs: number;
  #under = 0;
  #over: () => void = () => {};

  /** Begins transfers until `endMs`, and one in each slot at least. */
  constructor(endMs: number) {
    this.#endMs = endMs;
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
    this.#endMs = -Infinity;
    this.#over();
  }

  #next(slot: Slot, nowMs: number): void {
    if (nowMs < this.#endMs) return slot.begin(nowMs);
    if (--this.#under === 0) this.#over();
  }
}
