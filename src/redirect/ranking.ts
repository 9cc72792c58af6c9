/**
 * Which server the next client gets: servers in order of their measured times, slowest first, get
 * shares 1:2:...:n. Source: the assignment's worked example; rules redirect.balancer.rank-shares
 * and redirect.balancer.random-choice.
 */
import type { Upstream } from "./upstream.ts";

export interface Measured {
  readonly upstream: Upstream;
  /** Milliseconds from the start of the connection to the last byte. */
  readonly elapsedMs: number;
}

/** Slowest first; equal times keep the order in which the servers were listed. */
export function rank(measured: readonly Measured[]): Upstream[] {
  return [...measured].sort((a, b) => b.elapsedMs - a.elapsedMs).map(({ upstream }) => upstream);
}

/**
 * The position to draw for a number in [0, 1): position i (from 0, the slowest) has i + 1 of the
 * n (n + 1) / 2 parts.
 */
export function drawPosition(count: number, random: number): number {
  const parts = count * (count + 1) / 2;
  let left = Math.floor(random * parts);
  for (let position = 0; position < count; position++) {
    if (left <= position) return position;
    left -= position + 1;
  }
  return count - 1;
}

/** A generator of numbers in [0, 1) that repeats for a seed (xorshift32), or the runtime's own. */
export function randomSource(seed: number | undefined): () => number {
  if (seed === undefined) return Math.random;
  let state = (seed | 0) || 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
