/** How balancers that break one rule are made. */
import { balancerParts, probe, startBalancer, upstreamName } from "../../src/redirect/mod.ts";
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
    system: "redirect",
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

/**
 * The reference's probe, whose first round takes the best of four where a server is quick: for
 * faults that a busy machine would hide by measuring a quick server as slow.
 */
export function bestOfFour(): BalancerParts["probe"] {
  const seen = new Set<string>();
  return async (upstream, path) => {
    const first = !seen.has(upstreamName(upstream));
    seen.add(upstreamName(upstream));
    let bestMs = await probe(upstream, path);
    for (let i = 0; first && bestMs < 300 && i < 3; i++) {
      bestMs = Math.min(bestMs, await probe(upstream, path));
    }
    return bestMs;
  };
}
