/** Which runtimes a workload's servers run on. */
import { executable, RuntimeMissing } from "../../conformance/engine/package.ts";
import { runtime as own } from "../../src/net/mod.ts";
import type { Runtime } from "../../src/net/mod.ts";
import type { PlannedComparison, PlanOptions } from "../model.ts";

export const ALL_RUNTIMES: readonly Runtime[] = ["bun", "deno", "node"];

/** Why a runtime cannot be used and what to do; undefined where it can. */
export function missingRuntime(on: Runtime): string | undefined {
  try {
    executable(on);
    return undefined;
  } catch (error) {
    if (error instanceof RuntimeMissing) return error.message;
    throw error;
  }
}

/** Those of these that are here; where none is, the one that runs this. */
export function available(wanted: readonly Runtime[]): readonly Runtime[] {
  const here = wanted.filter((on) => missingRuntime(on) === undefined);
  return here.length > 0 ? here : [own];
}

/** What serves beside what is measured runs on, the same for all set-ups. */
export function besideRuntime(): Runtime {
  return available(["bun"])[0] as Runtime;
}

/** Those that the user named; else all that are here, or in the quick extent these. */
export function chosenRuntimes(
  { extent, runtimes }: PlanOptions,
  quick: readonly Runtime[],
): readonly Runtime[] {
  return runtimes ?? available(extent === "quick" ? quick : ALL_RUNTIMES);
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
