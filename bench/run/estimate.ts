/** How long a measurement takes, for the display of the time left. */
import type { Plan, SetUp } from "../model.ts";

/** What stands between two windows. */
const BETWEEN_MS = 40;
/** The start of a workload's servers. */
const START_MS = 2500;

/** Milliseconds of the window of a set-up's warm-up; 0 where it has none. */
export function warmUpMs(plan: Plan, setUp: SetUp): number {
  return plan.warmUpMs?.(setUp) ?? plan.windowMs;
}

/** Milliseconds of one turn of a set-up. */
export function turnMs(plan: Plan, setUp: SetUp, round: number): number {
  const windowMs = round === 0 ? warmUpMs(plan, setUp) : plan.windowMs;
  if (windowMs === 0) return 0;
  return Math.max(windowMs, plan.leastMs?.(setUp) ?? 0) + BETWEEN_MS;
}

/** Milliseconds of all of it, the warm-up too, with so many rounds. */
export function planMs(plan: Plan, rounds: number = plan.rounds): number {
  if (plan.setUps.length === 0) return 0;
  const roundMs = (round: number) =>
    plan.setUps.reduce((sum, setUp) => sum + turnMs(plan, setUp, round), 0);
  return START_MS + roundMs(0) + roundMs(1) * rounds;
}
