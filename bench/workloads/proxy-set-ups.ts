/** What the proxy workload is made of: `UPSTREAMS/STRATEGY/RUNTIME` names a set-up. */
import type { StrategyName } from "../../src/proxy/mod.ts";
import type { Runtime } from "../../src/net/mod.ts";
import type { Extent, SetUp } from "../model.ts";

/** Requests in flight at once: enough for each upstream to have some waiting, whatever timers do. */
export const CONNECTIONS = 24;

export const BODY_BYTES = 1000;

/** The fastest first, which is the one that is asked where nothing is balanced. Milliseconds a request. */
export const UPSTREAMS = {
  equal: { group: "three equal upstreams", baseMs: { a: 1, b: 1, c: 1 } },
  unequal: { group: "three unequal upstreams", baseMs: { a: 0.5, b: 1, c: 2 } },
} as const;

export type Upstreams = keyof typeof UPSTREAMS;

export interface StrategyOrder {
  readonly name: StrategyName;
  /** Seconds between two choices, for those that choose at times: as published, and in short. */
  readonly intervalS?: { readonly published: number; readonly quick: number };
}

/** The published three set-ups, then those that choose for each request. */
export const ORDERS: readonly StrategyOrder[] = [
  { name: "none" },
  { name: "random-load", intervalS: { published: 5, quick: 0.1 } },
  { name: "history", intervalS: { published: 1, quick: 0.1 } },
  { name: "round-robin" },
  { name: "random" },
  { name: "least-requests" },
  { name: "power-of-two" },
  { name: "peak-ewma" },
];

/**
 * Where all upstreams are equal, strategies that choose for each request have nothing to choose by: the
 * quick extent has one that looks at the load and one that does not.
 */
export function ordersOf(upstreams: Upstreams, extent: Extent): readonly StrategyOrder[] {
  if (extent === "full" || upstreams === "unequal") return ORDERS;
  const alike = new Set<StrategyName>(["random", "power-of-two", "peak-ewma"]);
  return ORDERS.filter(({ name }) => !alike.has(name));
}

export interface ProxySetUp {
  readonly upstreams: Upstreams;
  readonly order: StrategyOrder;
  readonly runtime: Runtime;
}

export function readSetUp({ id }: SetUp): ProxySetUp {
  const [upstreams, strategy, runtime] = id.split("/") as [Upstreams, StrategyName, Runtime];
  const order = ORDERS.find(({ name }) => name === strategy) as StrategyOrder;
  return { upstreams, order, runtime };
}

/** A strategy's row; without one it would read as if nobody had done what it did. */
export function nameOf({ name }: StrategyOrder): string {
  return name === "none" ? "none (one server)" : name;
}

/** Seconds between two choices; the full extent waits as long as the published programs do. */
export function intervalOf({ intervalS }: StrategyOrder, extent: Extent): number | undefined {
  return extent === "full" ? intervalS?.published : intervalS?.quick;
}

/**
 * Milliseconds in which a strategy that chooses at times has chosen often enough for a round to be
 * no matter of one lucky choice. An interval is long beside the time in which a queue empties, or these
 * would balance by their old queues.
 */
export function leastMs(setUp: SetUp, extent: Extent): number {
  const seconds = intervalOf(readSetUp(setUp).order, extent);
  if (extent === "quick") return seconds === undefined ? 180 : 4000 * seconds;
  return seconds === undefined ? 2000 : 4000 * seconds;
}

/**
 * Milliseconds until the queues are as the strategy makes them. They begin equal, which unequal
 * upstreams only hold where that is the strategy; the slowest empties its queue in 48 ms.
 */
export function rampMs(setUp: SetUp): number {
  const { upstreams, order } = readSetUp(setUp);
  if (order.name === "none") return 0;
  return upstreams === "equal" ? 20 : 60;
}
