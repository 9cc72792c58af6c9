/** The stated error rates, by simulation: seeded, so that a run is the same each time. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { countsOf, draws, generator } from "../engine/test-random.ts";
import { FALSE_ALARM, judgeOrder, oddsOfFaster, oddsOfRanks } from "./choice-odds.ts";
import { SPEEDS_MS } from "./course.ts";

/** With a false alarm in a million, a failure among so many is a fault of the judgement. */
const CONFORMING = 20_000;
const FAULTY = 200;

/** Shares from the slowest to the fastest of three servers. */
const RANKS = [1, 2, 3];
const BY_INVERSE_TIME = [...SPEEDS_MS].reverse().map((ms) => 1 / ms);
const EQUAL = [1, 1, 1];
/** What a sort of the times as text, or in the wrong direction, gives. */
const UPSIDE_DOWN = [3, 2, 1];

/** How many of so many balancers with these shares are failed. */
function failures(
  balancers: number,
  shares: readonly number[],
  requests: number,
  isFailed: (sequence: number[], counts: number[]) => boolean,
): number {
  const random = generator(20_260);
  let failed = 0;
  for (let i = 0; i < balancers; i++) {
    const sequence = draws(random, shares, requests);
    if (isFailed(sequence, countsOf(sequence, shares.length))) failed++;
  }
  return failed;
}

const tooFewForFastest = (_: number[], [slow, , fast]: number[]) =>
  oddsOfFaster(fast as number, slow as number) < FALSE_ALARM;

test("the fastest gets enough from balancers with shares of 1:2 or steeper", () => {
  assert.is(failures(CONFORMING, [1, 1.5, 2], 1000, tooFewForFastest), 0);
  for (const shares of [RANKS, BY_INVERSE_TIME]) {
    assert.is(failures(CONFORMING / 10, shares, 1000, tooFewForFastest), 0, `${shares}`);
  }
  assert.is(
    failures(CONFORMING, [1, 2], 300, (_, [slow, fast]) => {
      return oddsOfFaster(fast as number, slow as number) < FALSE_ALARM;
    }),
    0,
  );
});

test("balancers that prefer none, or the slowest, are all seen", () => {
  for (const shares of [EQUAL, UPSIDE_DOWN]) {
    assert.is(failures(FAULTY, shares, 1000, tooFewForFastest), FAULTY, `${shares}`);
  }
});

test("of two servers, one that ranks by its headers alone is seen in 300 requests", () => {
  const isFailed = (_: number[], [slow, fast]: number[]) =>
    oddsOfFaster(fast as number, slow as number) < FALSE_ALARM;
  assert.is(failures(FAULTY, [2, 1], 300, isFailed), FAULTY);
});

test("servers that are never chosen are too few", () => {
  assert.is(oddsOfFaster(0, 0), 0);
  assert.ok(oddsOfFaster(0, 1000) < FALSE_ALARM);
  assert.ok(oddsOfFaster(1000, 0) > 0.99);
});

const farFromRanks = (_: number[], counts: number[]) => oddsOfRanks(counts) < FALSE_ALARM;

test("shares of 1:2:3 are recognised, and no others are", () => {
  assert.is(failures(CONFORMING, RANKS, 1000, farFromRanks), 0);
  for (const shares of [EQUAL, UPSIDE_DOWN, BY_INVERSE_TIME, [1, 3, 2], [1, 2, 4.5]]) {
    const seen = failures(FAULTY, shares, 1000, farFromRanks);
    // 1:2:4.5 is as near as two systems come that differ in their rule.
    assert.ok(seen === FAULTY || shares[2] === 4.5, `${shares}: ${seen} of ${FAULTY}`);
  }
});

test("the chance is close to what it is said to be", () => {
  const random = generator(7);
  const odds = Array.from(
    { length: 5000 },
    () => oddsOfRanks(countsOf(draws(random, RANKS, 1000), 3)),
  );
  for (const level of [0.5, 0.1, 0.01]) {
    const share = odds.filter((p) => p < level).length / odds.length;
    assert.ok(Math.abs(share - level) < 0.025, `${share} are below ${level}`);
  }
});

test("a server with a share of 5 % is seen among 300 answers", () => {
  const missed = (_: number[], counts: number[]) => counts.some((count) => count === 0);
  assert.is(failures(CONFORMING, [5, 47.5, 47.5], 300, missed), 0);
  assert.is(failures(FAULTY, [0, 1, 1], 300, missed), FAULTY);
});

const isRegular = (sequence: number[]) => judgeOrder(sequence).fault !== undefined;

test("a random order is never taken for a fixed one, whatever its shares", () => {
  for (const shares of [RANKS, BY_INVERSE_TIME, EQUAL, [1, 1, 6], [1, 1, 18], [1, 1, 60]]) {
    assert.is(failures(CONFORMING / 5, shares, 300, isRegular), 0, `${shares}`);
  }
});

test("cycles of any length up to 60 and any order are seen, and one server alone", () => {
  for (let seed = 1; seed <= FAULTY; seed++) {
    const random = generator(seed);
    const length = 2 + Math.floor(random() * 59);
    const period = draws(random, RANKS, length);
    period[0] = 0;
    period[1] = 1;
    const sequence = Array.from({ length: 300 }, (_, i) => period[i % length] as number);
    const { fault, repeat } = judgeOrder(sequence);
    assert.is(fault, `the choice repeats every ${repeat.lag} requests`, `seed ${seed}`);
    assert.is(length % repeat.lag, 0);
  }
  assert.is(judgeOrder(Array(300).fill(2)).fault, "every request was sent to the same server");
});

test("shuffled decks are more regular than draws", () => {
  for (let seed = 1; seed <= FAULTY; seed++) {
    const random = generator(seed);
    // A or B first at random, then the other: balanced in each pair.
    const sequence = Array.from({ length: 150 }, () => random() < 0.03 ? [1, 0] : [0, 1]).flat();
    assert.type(judgeOrder(sequence).fault, "string", `seed ${seed}`);
  }
});

test.run();
