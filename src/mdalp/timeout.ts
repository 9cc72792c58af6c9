/**
 * When a packet is sent again: after a fixed time, as the published client does, or after one that
 * follows the round-trip times seen. Source for the latter: RFC 6298, with a lower least timeout, as a
 * stop-and-wait over fast paths wants.
 */

export interface RetransmissionTimeout {
  /** Milliseconds to wait for the ack of the packet that is sent now. */
  readonly currentMs: number;
  /** An ack came for a packet that was sent once (Karn's algorithm: only then). */
  measured(roundTripMs: number): void;
  /** The time ran out. */
  expired(): void;
}

/** The published client's. */
export const FIXED_TIMEOUT_MS = 3000;

export function fixedTimeout(milliseconds: number = FIXED_TIMEOUT_MS): RetransmissionTimeout {
  return { currentMs: milliseconds, measured() {}, expired() {} };
}

/** Before anything was measured: RFC 6298, (2.1). */
const FIRST_MS = 1000;
const LEAST_MS = 200;
/** Rule mdalp.client.retransmits: the same bytes again within 10 s. */
const MOST_MS = 8000;
/** Clock granularity, G. */
const GRANULARITY_MS = 10;

export function adaptiveTimeout(firstMs: number = FIRST_MS): RetransmissionTimeout {
  let smoothedMs: number | undefined;
  let variationMs = 0;
  let currentMs = clamp(firstMs);
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
      currentMs = clamp(smoothedMs + Math.max(GRANULARITY_MS, 4 * variationMs));
    },
    expired() {
      currentMs = clamp(currentMs * 2);
    },
  };
}

function clamp(milliseconds: number): number {
  return Math.min(MOST_MS, Math.max(LEAST_MS, milliseconds));
}
