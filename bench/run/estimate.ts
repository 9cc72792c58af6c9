/** How long a measurement takes, for the display of the time left. */
import type { Plan, SetUp } from "../model.ts";

/** What stands between two windows. */
const BETWEEN_MS = 40;
/** The start of a workload's servers. */
const START_MS = 2500;

/** Milliseconds of one turn of a set-up. */
export function turnMs(plan: Plan, setUp: SetUp): number {
  return Math.max(plan.windowMs, plan.leastMs?.(setUp) ?? 0) + BETWEEN_MS;
}

/** Milliseconds of all of it, the warm-up too. */
export function planMs(plan: Plan): number {
  if (plan.setUps.length === 0) return 0;
  const round = plan.setUps.reduce((sum, setUp) => sum + turnMs(plan, setUp), 0);
  return START_MS + round * (plan.rounds + 1);
}
