/**
 * Measures all receivers at once, and all in the same way: the figure of a ping beside that of a TCP
 * connection makes no ratio.
 */

/** Milliseconds of each receiver, in their order, and how they were found. */
export type Latencies =
  | { readonly how: "ping" | "tcp"; readonly ms: readonly number[] }
  | { readonly how: "none"; readonly ms?: never };

export interface LatencyParts {
  /** Milliseconds; undefined where it cannot be measured. */
  latency(address: string, signal?: AbortSignal): Promise<number | undefined>;
  /** The same by another way, for when `latency` has no figure for some receiver. */
  connectTime(address: string, port: number, signal?: AbortSignal): Promise<number | undefined>;
}

/** Below it a figure tells of schedulers and caches, not of the path; shares must not follow it. */
const LEAST_MS = 1;

export async function measureLatencies(
  addresses: readonly string[],
  port: number,
  parts: LatencyParts,
  signal?: AbortSignal,
): Promise<Latencies> {
  const pings = await ofAll(addresses, (address) => parts.latency(address, signal));
  if (pings) return { how: "ping", ms: pings };
  const times = await ofAll(addresses, (address) => parts.connectTime(address, port, signal));
  return times ? { how: "tcp", ms: times } : { how: "none" };
}

async function ofAll(
  addresses: readonly string[],
  measure: (address: string) => Promise<number | undefined>,
): Promise<number[] | undefined> {
  const measured = await Promise.all(addresses.map(measure));
  const found = measured.filter((ms) => ms !== undefined);
  return found.length < addresses.length ? undefined : found.map((ms) => Math.max(ms, LEAST_MS));
}

/** For people. */
export const LATENCY_SOURCES: Readonly<Record<Latencies["how"], string>> = {
  ping: "latencies measured with ping",
  tcp: "ping gave no figure for every receiver: latencies measured by TCP connections",
  none: "no latency could be measured, by ping or by TCP: the shares are equal",
};
