/** A bound on how long a run takes: on a slow machine rounds are left out rather than time overrun. */
import type { Plan } from "../model.ts";
import { planMs } from "./estimate.ts";

/** Of `make bench`: below three minutes with the installation and the report, which take their time too. */
export const QUICK_BUDGET_MS = 140_000;

/** However late it is, so many rounds are measured: figures without intervals. */
export const LATE_ROUNDS = 3;

/**
 * Whether a workload is so late that another round would take the time that those after it need for
 * their least rounds. What comes first has all of its rounds as long as it can, so that as many sentences
 * as possible stay certain. Undefined where the plans alone would take longer.
 */
export function lateness(
  plans: readonly Plan[],
  budgetMs: number | undefined,
  now: () => number,
): ((at: number, roundMs: number) => boolean) | undefined {
  const wholeMs = plans.reduce((sum, plan) => sum + planMs(plan), 0);
  if (budgetMs === undefined || wholeMs > budgetMs) return undefined;
  const leastMs = (plan: Plan) => planMs(plan, Math.min(LATE_ROUNDS, plan.rounds));
  return (at, roundMs) => {
    const afterMs = plans.slice(at + 1).reduce((sum, plan) => sum + leastMs(plan), 0);
    // What one round takes longer than it was to, all others will.
    const own = plans[at] as Plan;
    const plannedMs = planMs(own, 1) - planMs(own, 0);
    return now() + roundMs + afterMs * Math.max(1, roundMs / plannedMs) > budgetMs;
  };
}
