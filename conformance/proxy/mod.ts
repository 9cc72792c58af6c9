/** The proxy system's rules and cases. */
import type { Suite } from "../engine/case.ts";
import { forwardingCases } from "./forwarding.ts";
import { proxyRules } from "./rules.ts";
import { selectorCases } from "./selector.ts";
import { smugglingCases } from "./smuggling.ts";
import { turnFor } from "./state-path.ts";
import { steeringCases } from "./steering.ts";

export const proxySuite: Suite = {
  system: "proxy",
  rules: proxyRules,
  cases: [
    ...forwardingCases,
    ...steeringCases,
    ...smugglingCases,
    ...selectorCases,
  ],
  turn: turnFor,
};
