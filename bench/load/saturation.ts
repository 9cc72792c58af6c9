/** Whether a figure is one of the load generator instead of the server. */
import type { ClientLoad } from "../model.ts";

/** Nearer to a whole core, a process has no room left. */
const FULL = 0.95;

/** Requests of an open loop that begin later by this than they should are another load than the one asked for. */
const LATE_US = 1000;

export interface Seen {
  readonly client: ClientLoad;
  /** The busiest server process, 0 to 1; undefined where it is not known. */
  readonly serverBusy: number | undefined;
  /** Requests a second of an open loop; undefined of a closed one. */
  readonly rate: number | undefined;
}

/**
 * A worker without room limits the rate, unless a server has none either. An open loop's latencies
 * count from the intended start, so that a client's lateness is in them whatever the server does:
 * there, one request in a hundred that begins 1 ms late is enough. Where its rate is not reached
 * though the worker had room and was in time, the server was the limit.
 */
export function isClientLimited({ client, serverBusy, rate }: Seen): boolean {
  if (rate !== undefined && (client.lateP99 ?? 0) > LATE_US) return true;
  return client.busy >= FULL && (serverBusy === undefined || serverBusy < FULL);
}
