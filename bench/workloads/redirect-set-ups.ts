/** What the redirect workload is made of: `SIZE/WAY/RUNTIME` names a set-up. */
import type { Runtime } from "../../src/net/mod.ts";
import type { Extent, SetUp } from "../model.ts";

/**
 * Capacities as 3:2:1, the shares that the balancer gives by rank. Far below what a core can do, so
 * that the machine is not the limit, and no service is shorter than what a timer can tell.
 */
export const SERVERS = [
  { name: "a", baseMs: 2, bytesPerSecond: 240e6 },
  { name: "b", baseMs: 3, bytesPerSecond: 160e6 },
  { name: "c", baseMs: 6, bytesPerSecond: 80e6 },
] as const;

/** Transfers at once. */
export const CLIENTS = 8;

export const SIZES = {
  "1kB": { title: "1 kB", bytes: 1000 },
  "100kB": { title: "100 kB", bytes: 100_000 },
  "10MB": { title: "10 MB", bytes: 10_000_000 },
} as const;

export type Size = keyof typeof SIZES;

/** How clients come to a file, with the number of servers behind the balancer. */
export const WAYS = {
  "direct": { name: "straight from server a", servers: 0 },
  "1-server": { name: "redirected to server a", servers: 1 },
  "2-servers": { name: "balanced over 2 servers", servers: 2 },
  "3-servers": { name: "balanced over 3 servers", servers: 3 },
} as const;

export type Way = keyof typeof WAYS;

/** The quick extent has each way for one size, and the ends of the range for the others. */
export function waysOf(size: Size, extent: Extent): readonly Way[] {
  if (extent === "full" || size === "1kB") return Object.keys(WAYS) as Way[];
  return ["direct", "3-servers"];
}

export interface RedirectSetUp {
  readonly size: Size;
  readonly way: Way;
  readonly runtime: Runtime;
}

export function readSetUp({ id }: SetUp): RedirectSetUp {
  const [size, way, runtime] = id.split("/") as [Size, Way, Runtime];
  return { size, way, runtime };
}

/** Milliseconds in which a server answers often enough for its rate to be seen. */
export function leastMs(setUp: SetUp, extent: Extent): number {
  const large = readSetUp(setUp).size === "10MB";
  return extent === "full" ? 2000 : large ? 600 : 250;
}

/**
 * Milliseconds in which queues fill: three of the longest services at least, until which all servers
 * answer in step. One server is in its steady state at once.
 */
export function rampMs(setUp: SetUp): number {
  const { size, way } = readSetUp(setUp);
  if (WAYS[way].servers < 2) return 0;
  return size === "10MB" ? 400 : 40;
}
