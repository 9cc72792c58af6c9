/** How an orchestrator of MDALP is broken: the reference with some of its options and parts replaced. */
import { orchestratorParts, startOrchestrator } from "../../src/mdalp/orchestrator.ts";
import type { OrchestratorOptions, OrchestratorParts } from "../../src/mdalp/orchestrator.ts";
import type { OrchestratorMutant } from "./types.ts";

type Start = OrchestratorMutant["start"];

/** `name` and `rule` without the part that all orchestrators share. */
export function orchestrator(
  rule: string,
  name: string,
  what: string,
  start: Start,
): OrchestratorMutant {
  return {
    system: "mdalp",
    role: "orchestrator",
    name: `mdalp-orchestrator-${name}`,
    breaks: `mdalp.orchestrator.${rule}`,
    what,
    start,
  };
}

/** Other parts. */
export const parts = (change: Partial<OrchestratorParts>): Start => (options) =>
  startOrchestrator(options, { ...orchestratorParts, ...change });

/** Other options. */
export const options = (change: Partial<OrchestratorOptions>): Start => (given) =>
  startOrchestrator({ ...given, ...change });
