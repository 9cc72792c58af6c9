/** MDALP's rules and cases. */
import type { Suite } from "../engine/case.ts";
import { clientEndCases } from "./client-ends.ts";
import { clientFlowCases } from "./client-flow.ts";
import { clientGoldenCases } from "./client-goldens.ts";
import { clientPacketCases } from "./client-packets.ts";
import { clientShareCases } from "./client-shares.ts";
import { orchestratorCases } from "./orchestrator.ts";
import { receiverCases } from "./receiver.ts";
import { mdalpRules } from "./rules.ts";

export const mdalpSuite: Suite = {
  system: "mdalp",
  rules: mdalpRules,
  cases: [
    ...clientGoldenCases,
    ...clientPacketCases,
    ...clientFlowCases,
    ...clientShareCases,
    ...clientEndCases,
    ...orchestratorCases,
    ...receiverCases,
  ],
};
