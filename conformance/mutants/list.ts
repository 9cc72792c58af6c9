/** All mutants: nothing here loads the suite, since a check starts them hundreds of times. */
import { answerMutants } from "./redirect-balancer-answers.ts";
import { choiceMutants } from "./redirect-balancer-choice.ts";
import { connectionMutants } from "./redirect-balancer-connections.ts";
import { roundMutants } from "./redirect-balancer-rounds.ts";
import { clientMutants } from "./redirect-client.ts";
import { serverMutants } from "./redirect-server.ts";
import type { Mutant } from "./types.ts";

export type { Mutant } from "./types.ts";

export const MUTANTS: readonly Mutant[] = [
  ...answerMutants,
  ...choiceMutants,
  ...roundMutants,
  ...connectionMutants,
  ...clientMutants,
  ...serverMutants,
];

export function mutantNamed(name: string): Mutant | undefined {
  return MUTANTS.find((mutant) => mutant.name === name);
}
