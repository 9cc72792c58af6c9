/** How balancers that break one rule are made. */
import { balancerParts, startBalancer } from "../../src/redirect/mod.ts";
import type { BalancerParts } from "../../src/redirect/mod.ts";
import type { TcpDriver } from "../../src/net/mod.ts";
import type { BalancerMutant } from "./types.ts";

/** The reference with some parts and the driver replaced; `broken` runs once a process. */
export function balancer(
  rule: string,
  name: string,
  what: string,
  broken: () => Partial<BalancerParts>,
  driver?: TcpDriver,
): BalancerMutant {
  return {
    name: `balancer-${name}`,
    breaks: `redirect.balancer.${rule}`,
    what,
    role: "balancer",
    start: (options) =>
      startBalancer(
        { ...options, ...(driver ? { driver } : {}) },
        { ...balancerParts, ...broken() },
      ),
  };
}

/** No part replaced. */
export const same = () => ({});
