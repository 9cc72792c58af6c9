/** How far a run is, and how long it still takes, corrected by how long it took until now. */
import { planMs, turnMs } from "./estimate.ts";
import type { Planned, TurnBegun } from "./run.ts";

export interface TimeLeft {
  /** Tells that a turn begins; returns the share that is done and the milliseconds left. */
  at(turn: TurnBegun): { readonly done: number; readonly leftMs: number };
}

export function timeLeft(planned: readonly Planned[], now: () => number): TimeLeft {
  const total = planned.reduce((sum, { plan }) => sum + planMs(plan), 0);
  const startedAt = now();
  let past = 0;
  let next = 0;
  return {
    at({ plan, setUp, round }) {
      past += next;
      next = turnMs(plan, setUp, round);
      const tookMs = now() - startedAt;
      // Early on the estimate is trusted, later what was seen.
      const weight = past / total;
      const pace = past === 0 ? 1 : 1 + weight * (tookMs / past - 1);
      return { done: Math.min(1, past / total), leftMs: Math.max(0, (total - past) * pace) };
    },
  };
}
