/** The mutants of MDALP. */
import { dataMutants } from "./mdalp-client-data.ts";
import { flowMutants } from "./mdalp-client-flow.ts";
import { planMutants } from "./mdalp-client-plan.ts";
import { orchestratorPlanMutants } from "./mdalp-orchestrator-plan.ts";
import { orchestratorResultMutants } from "./mdalp-orchestrator-results.ts";
import { receiverAckMutants } from "./mdalp-receiver-acks.ts";
import { receiverBoundsMutants } from "./mdalp-receiver-bounds.ts";
import type { MdalpMutant } from "./types.ts";

export const mdalpMutants: readonly MdalpMutant[] = [
  ...planMutants,
  ...flowMutants,
  ...dataMutants,
  ...orchestratorPlanMutants,
  ...orchestratorResultMutants,
  ...receiverAckMutants,
  ...receiverBoundsMutants,
];
