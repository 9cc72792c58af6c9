/** The redirect system's rules and cases. */
import type { Suite } from "../engine/case.ts";
import { balancerCases } from "./balancer.ts";
import { clientCases } from "./client.ts";
import { redirectRules } from "./rules.ts";
import { serverCases } from "./server.ts";
import { togetherCases } from "./together.ts";

export const redirectSuite: Suite = {
  system: "redirect",
  rules: redirectRules,
  cases: [...balancerCases, ...clientCases, ...serverCases, ...togetherCases],
};
