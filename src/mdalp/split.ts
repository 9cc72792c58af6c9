/**
 * How many packets each receiver gets. Source: the published client (shares by 1/latency, none under
 * a tenth of the payload), and spec/mdalp, "Bounds for measurement".
 */

/** The least share of any receiver, of the payload. */
export const LEAST_SHARE = 0.1;

/** Shares that cannot be computed. */
export class SplitError extends Error {
  readonly code = "bad-split";
}

/**
 * Packets by inverse latency, in the order of the latencies; they add up to `packets`. Remainders go
 * to the largest fractions, and what the floor gives to slow receivers comes from all others in
 * proportion to what they have above it.
 */
export function splitByInverseLatency(packets: number, latenciesMs: readonly number[]): number[] {
  check(packets, latenciesMs);
  const rates = latenciesMs.map((latency) => 1 / latency);
  const least = floorOf(packets, latenciesMs.length);
  const shares = raised(rates, packets, least);
  return rounded(shares, packets, least);
}

/** Each next packet to the receiver that would finish it first: the shortest makespan there is. */
export function splitGreedily(packets: number, latenciesMs: readonly number[]): number[] {
  check(packets, latenciesMs);
  const least = floorOf(packets, latenciesMs.length);
  const counts = latenciesMs.map(() => least);
  for (let left = packets - least * latenciesMs.length; left > 0; left--) {
    let best = 0;
    for (let i = 1; i < counts.length; i++) {
      if (finish(counts, latenciesMs, i) < finish(counts, latenciesMs, best)) best = i;
    }
    counts[best] = (counts[best] as number) + 1;
  }
  return counts;
}

function finish(counts: readonly number[], latenciesMs: readonly number[], i: number): number {
  return ((counts[i] as number) + 1) * (latenciesMs[i] as number);
}

/** Milliseconds until the last receiver is done, each with its packets one after the other. */
export function makespanMs(counts: readonly number[], latenciesMs: readonly number[]): number {
  return Math.max(...counts.map((count, i) => count * (latenciesMs[i] as number)));
}

/** N/S: no split is faster. */
export function makespanBoundMs(packets: number, latenciesMs: readonly number[]): number {
  return packets / latenciesMs.reduce((sum, latency) => sum + 1 / latency, 0);
}

/**
 * A tenth of the packets, rounded up; one each where a tenth is less than a packet, none where there
 * are fewer packets than receivers.
 */
function floorOf(packets: number, receivers: number): number {
  return Math.min(Math.ceil(packets * LEAST_SHARE), Math.floor(packets / receivers));
}

/** Exact shares with none below the floor. */
function raised(rates: readonly number[], packets: number, least: number): number[] {
  const low = new Set<number>();
  for (;;) {
    const open = rates.reduce((sum, rate, i) => low.has(i) ? sum : sum + rate, 0);
    const left = packets - least * low.size;
    const shares = rates.map((rate, i) => low.has(i) ? least : left * rate / open);
    const found = shares.findIndex((share, i) => !low.has(i) && share < least);
    if (found < 0) return shares;
    low.add(found);
  }
}

/** Whole packets that add up: the largest remainders are rounded up. */
function rounded(shares: readonly number[], packets: number, least: number): number[] {
  const counts = shares.map((share) => Math.max(least, Math.floor(share)));
  const byRemainder = shares.map((share, i) => ({ i, rest: share - Math.floor(share) }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  let left = packets - counts.reduce((sum, count) => sum + count, 0);
  for (let at = 0; left > 0; at = (at + 1) % byRemainder.length, left--) {
    const { i } = byRemainder[at] as { i: number };
    counts[i] = (counts[i] as number) + 1;
  }
  return counts;
}

function check(packets: number, latenciesMs: readonly number[]): void {
  if (!Number.isInteger(packets) || packets < 0) {
    throw new SplitError(`${packets} packets is not a whole number from 0`);
  }
  if (latenciesMs.length === 0) throw new SplitError("no receivers");
  const bad = latenciesMs.find((latency) => !(latency > 0 && Number.isFinite(latency)));
  if (bad !== undefined) throw new SplitError(`a latency of ${bad} ms is not above 0`);
}
