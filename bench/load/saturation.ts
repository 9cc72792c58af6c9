/** Whether a figure is one of the load generator instead of the server. */
/** Nearer to a whole core, a process has no room left. */
const FULL = 0.95;

/** One that waits for its connections now and then may have no more than this. */
const NEARLY_FULL = 0.8;

/** A difference of shares that is none of how they are measured. */
const CLEARLY = 0.05;

/** Whatever the latencies are, requests of an open loop may begin so late: timers are no better. */
const LATE_US = 1000;

/** Of a latency, more than this share may not be the client's own lateness. */
const MOST_LATE = 0.5;

export interface Seen {
  /** `busy` is a share, 0 to 1; `lateP99` microseconds, of an open loop. */
  readonly client: { readonly busy: number; readonly lateP99?: number };
  /** The busiest server process, 0 to 1; undefined where it is not known. */
  readonly serverBusy: number | undefined;
  /** Requests a second of an open loop; undefined of a closed one. */
  readonly rate: number | undefined;
  /** Microseconds, of the answers. */
  readonly latencyP99: number;
}

/**
 * A worker without room limits the rate, unless a server has none either. Where the load comes in
 * short stretches none of them looks full, but one that is nearly so, and clearly busier than the
 * server, is the limit too.
 *
 * An open loop's latencies count from the intended start, so that a client's lateness is in them
 * whatever the server does: it may not be most of them. Where its rate is not reached though the
 * worker had room and was in time, the server was the limit.
 */
export function isClientLimited(
  { client: { busy, lateP99 = 0 }, serverBusy, rate, latencyP99 }: Seen,
): boolean {
  if (rate !== undefined && lateP99 > Math.max(LATE_US, latencyP99 * MOST_LATE)) return true;
  if (busy >= FULL && (serverBusy === undefined || serverBusy < FULL)) return true;
  if (rate !== undefined || serverBusy === undefined) return false;
  return busy >= NEARLY_FULL && busy > serverBusy + CLEARLY;
}
