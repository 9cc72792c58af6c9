/** One mutant without those of other systems, and without the suite: a check starts it a hundred times. */
import type { Mutant } from "./types.ts";

/** Undefined where there is none of that name. */
export async function findMutant(name: string): Promise<Mutant | undefined> {
  const mutants: readonly Mutant[] = name.startsWith("mdalp-")
    ? (await import("./mdalp.ts")).mdalpMutants
    : (await import("./redirect.ts")).redirectMutants;
  return mutants.find((mutant) => mutant.name === name);
}
