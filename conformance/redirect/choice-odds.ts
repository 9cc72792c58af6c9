/** What counts and orders of choices say of a balancer: the judgement without the asking. */
import {
  binomialAtMost,
  chiSquared,
  chiSquaredAbove,
  runsDeviation,
  strongestRepeat,
} from "../engine/statistics.ts";

/** The chance to fail an implementation that just meets a rule, per case. */
export const FALSE_ALARM = 1e-6;

/** The chance of so few choices of the faster of two servers, where it is owed twice as many. */
export function oddsOfFaster(fast: number, slow: number): number {
  return fast + slow === 0 ? 0 : binomialAtMost(fast, fast + slow, 2 / 3);
}

/** The chance of counts so far from 1:2:3, given from the slowest to the fastest. */
export function oddsOfRanks(counts: readonly number[]): number {
  return chiSquaredAbove(chiSquared(counts, [1, 2, 3]), 2);
}

/** Beyond this many standard deviations: 4e-8 for a normal variable on both sides. */
const RUNS_LIMIT = 5.5;
/**
 * A cycle repeats at its length exactly, so that no pair of draws that far apart differs. Of m pairs
 * of random draws a share 1 - sum p^2 differs; that only a quarter of them do has, by Chernoff's bound
 * on two independent halves, a probability under 2 exp(-0.4 m (1 - sum p^2) / 2): for a hundred
 * expected differences and 60 lags below 3e-7. Where one server gets so much that fewer are expected,
 * the order says too little, and nothing is said of it.
 */
const LEAST_DIFFERENCES = 100;
const DIFFERENCES_LEFT = 0.25;
const LONGEST_CYCLE = 60;

export interface Order {
  /** What shows that the choice is not drawn at random; undefined for nothing. */
  readonly fault: string | undefined;
  /** Of the number of runs of equal neighbours from its mean, in standard deviations. */
  readonly deviation: number;
  readonly repeat: { readonly lag: number; readonly share: number };
}

/** Judges the order of choices that were asked for one after the other. */
export function judgeOrder(sequence: readonly number[]): Order {
  const deviation = runsDeviation(sequence);
  const repeat = strongestRepeat(sequence, LONGEST_CYCLE);
  return { fault: orderFault(sequence, deviation, repeat), deviation, repeat };
}

function orderFault(
  sequence: readonly number[],
  deviation: number,
  repeat: Order["repeat"],
): string | undefined {
  if (new Set(sequence).size === 1) return "every request was sent to the same server";
  const differing = 1 - agreement(sequence);
  if (differing * (sequence.length - LONGEST_CYCLE) < LEAST_DIFFERENCES) return undefined;
  if (1 - repeat.share <= DIFFERENCES_LEFT * differing) {
    return `the choice repeats every ${repeat.lag} requests`;
  }
  if (Math.abs(deviation) <= RUNS_LIMIT) return undefined;
  return "the choice is more regular than a random draw";
}

/** How often two draws with the shares seen would be the same: the sum of their squares. */
function agreement(sequence: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const item of sequence) counts.set(item, (counts.get(item) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum += (count / sequence.length) ** 2;
  return sum;
}
