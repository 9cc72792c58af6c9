/** All mutants. */
import { mdalpMutants } from "./mdalp.ts";
import { proxyMutants } from "./proxy.ts";
import { redirectMutants } from "./redirect.ts";
import type { Mutant } from "./types.ts";

export type { Mutant } from "./types.ts";

export const MUTANTS: readonly Mutant[] = [
  ...redirectMutants,
  ...mdalpMutants,
  ...proxyMutants,
];

export function mutantNamed(name: string): Mutant | undefined {
  return MUTANTS.find((mutant) => mutant.name === name);
}
