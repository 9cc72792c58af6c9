/** The mutants of the proxy system. */
import { answerMutants } from "./proxy-answers.ts";
import { bodyMutants } from "./proxy-bodies.ts";
import { countsMutants } from "./proxy-counts.ts";
import { failureMutants } from "./proxy-failures.ts";
import { fileMissingMutants } from "./proxy-file-missing.ts";
import { postMutants } from "./proxy-posts.ts";
import { requestMutants } from "./proxy-requests.ts";
import { selectorMutants } from "./proxy-selector.ts";
import { smugglingMutants } from "./proxy-smuggling.ts";
import { steeringMutants } from "./proxy-steering.ts";
import type { ProxyMutant } from "./types.ts";

export const proxyMutants: readonly ProxyMutant[] = [
  ...requestMutants,
  ...answerMutants,
  ...bodyMutants,
  ...postMutants,
  ...steeringMutants,
  ...fileMissingMutants,
  ...countsMutants,
  ...failureMutants,
  ...smugglingMutants,
  ...selectorMutants,
];
