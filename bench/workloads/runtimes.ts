/** Which runtimes a workload's servers run on. */
import type { Runtime } from "../../src/net/mod.ts";
import type { PlannedComparison, PlanOptions } from "../model.ts";

export const ALL_RUNTIMES: readonly Runtime[] = ["bun", "deno", "node"];

/** Those that the user named; else all, or in the quick extent these. */
export function chosenRuntimes(
  { extent, runtimes }: PlanOptions,
  quick: readonly Runtime[],
): readonly Runtime[] {
  return runtimes ?? (extent === "quick" ? quick : ALL_RUNTIMES);
}

/** `PREFIX/RUNTIME` of each but the first runtime against the first. */
export function runtimeComparisons(
  prefix: string,
  [first, ...others]: readonly Runtime[],
): PlannedComparison[] {
  return others.map((runtime) => ({
    setUp: `${prefix}/${runtime}`,
    to: `${prefix}/${first}`,
    kind: "runtime",
  }));
}
