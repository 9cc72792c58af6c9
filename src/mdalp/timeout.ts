/**
 * When a packet is sent again: after a fixed time, as the published client does, or after one that
 * follows the round-trip times seen. Source for the latter: RFC 6298, with a lower least timeout and
 * an end of the back-off that suits stop-and-wait.
 */

export interface RetransmissionTimeout {
  /** Milliseconds to wait for the ack of the packet that is sent now. */
  readonly currentMs: number;
  /** A round trip whose packet is known: it was sent once, or its acks came as often as it did. */
  measured(roundTripMs: number): void;
  /** The time ran out. */
  expired(): void;
  /** A packet that was sent more than once is acknowledged; which sending, nobody knows. */
  recovered(): void;
}

/** The published client's. */
export const FIXED_TIMEOUT_MS = 3000;

export function fixedTimeout(milliseconds: number = FIXED_TIMEOUT_MS): RetransmissionTimeout {
  return { currentMs: milliseconds, measured() {}, expired() {}, recovered() {} };
}

/** Before anything was measured: RFC 6298, (2.1). Pings say too little: acks took five times theirs. */
const FIRST_MS = 1000;
/**
 * Not lower, however fast the path: acks of 0.9 s were seen, and 400 + 800 ms is above that, so that
 * a sudden one costs one needless copy at most. Rule mdalp.client.not-eager.
 */
const LEAST_MS = 400;
/** Rule mdalp.client.retransmits: the same bytes again within 10 s, and 2 s for a busy machine. */
export const MOST_TIMEOUT_MS = 8000;
/** Clock granularity, G. */
const GRANULARITY_MS = 10;

/**
 * Karn's algorithm keeps the doubled time until a packet is acknowledged at its first sending, so
 * that a path that became slower is measured at all. With one packet in flight and much loss that
 * may take long, and the time would stand at its most; so what outlives a recovery is one doubling.
 */
export function adaptiveTimeout(firstMs: number = FIRST_MS): RetransmissionTimeout {
  let smoothedMs: number | undefined;
  let variationMs = 0;
  let baseMs = clamp(firstMs);
  let currentMs = baseMs;
  return {
    get currentMs() {
      return currentMs;
    },
    measured(roundTripMs) {
      if (smoothedMs === undefined) {
        smoothedMs = roundTripMs;
        variationMs = roundTripMs / 2;
      } else {
        variationMs = 0.75 * variationMs + 0.25 * Math.abs(smoothedMs - roundTripMs);
        smoothedMs = 0.875 * smoothedMs + 0.125 * roundTripMs;
      }
      baseMs = clamp(smoothedMs + Math.max(GRANULARITY_MS, 4 * variationMs));
      currentMs = baseMs;
    },
    expired() {
      currentMs = clamp(currentMs * 2);
    },
    recovered() {
      currentMs = Math.min(currentMs, clamp(baseMs * 2));
    },
  };
}

function clamp(milliseconds: number): number {
  return Math.min(MOST_TIMEOUT_MS, Math.max(LEAST_MS, milliseconds));
}
