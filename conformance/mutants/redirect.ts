/** The mutants of the redirect system. */
import { answerMutants } from "./redirect-balancer-answers.ts";
import { choiceMutants } from "./redirect-balancer-choice.ts";
import { connectionMutants } from "./redirect-balancer-connections.ts";
import { roundMutants } from "./redirect-balancer-rounds.ts";
import { clientMutants } from "./redirect-client.ts";
import { serverMutants } from "./redirect-server.ts";
import type { RedirectMutant } from "./types.ts";

export const redirectMutants: readonly RedirectMutant[] = [
  ...answerMutants,
  ...choiceMutants,
  ...roundMutants,
  ...connectionMutants,
  ...clientMutants,
  ...serverMutants,
];
