/** What is left of a plan when the user picks. */
import picomatch from "picomatch";
import type { Plan } from "../model.ts";
import { warmUpMs } from "./estimate.ts";

export interface Picked {
  /**
   * Globs on whole set-up ids, where a star does not cross a slash and two do; a word without one
   * is a part between slashes. None picks all.
   */
  readonly only: readonly string[];
  readonly rounds: number | undefined;
  readonly windowMs: number | undefined;
}

export function pick(plan: Plan, { only, rounds, windowMs }: Picked): Plan {
  const globs = only.flatMap((one) => [one, `${one}/**`, `**/${one}`, `**/${one}/**`]);
  const fits = only.length === 0 ? () => true : picomatch(globs);
  const setUps = plan.setUps.filter(({ id }) => fits(id));
  const left = new Set(setUps.map(({ id }) => id));
  // A plan may leave a warm-up to others on the same runtime, which may have been left out here.
  const warmed = new Set(
    setUps.filter((setUp) => warmUpMs(plan, setUp) > 0).map(({ runtime }) => runtime),
  );
  return {
    ...plan,
    setUps,
    comparisons: plan.comparisons.filter(({ setUp, to }) => left.has(setUp) && left.has(to)),
    rounds: rounds ?? plan.rounds,
    windowMs: windowMs ?? plan.windowMs,
    warmUpMs: (setUp) =>
      windowMs ?? (warmed.has(setUp.runtime) ? warmUpMs(plan, setUp) : plan.windowMs),
  };
}
