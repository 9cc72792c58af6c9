/** The proxy system's rules and cases. */
import type { Case, Suite } from "../engine/case.ts";
import { forwardingCases } from "./forwarding.ts";
import { proxyRules } from "./rules.ts";
import { selectorCases } from "./selector.ts";
import { smugglingCases } from "./smuggling.ts";
import { turnFor } from "./state-path.ts";
import { steeringCases } from "./steering.ts";

/**
 * A proxy gives its servers 2 s, and the servers are the suite's: on a machine so busy that these come
 * too late, a right proxy says 504. So each failure is confirmed with nothing beside it.
 */
const proxyCases: readonly Case[] = [...forwardingCases, ...steeringCases, ...smugglingCases]
  .map((one) => ({ ...one, timed: true }));

export const proxySuite: Suite = {
  system: "proxy",
  rules: proxyRules,
  cases: [...proxyCases, ...selectorCases],
  turn: turnFor,
};
