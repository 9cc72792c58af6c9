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
 * A cycle repeats at its length exactly. With three servers and shares of 1:2:3 two draws agree with
 * probability 7/18; that 80 % of 240 or more pairs do has, by Hoeffding's bound on two independent
 * halves, a probability under 2 exp(-2 * 120 * 0.41^2) < 1e-16 for each lag.
 */
const REPEAT_LIMIT = 0.8;
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
  if (repeat.share >= REPEAT_LIMIT) return `the choice repeats every ${repeat.lag} requests`;
  if (Math.abs(deviation) <= RUNS_LIMIT) return undefined;
  return "the choice is more regular than a random draw";
}
