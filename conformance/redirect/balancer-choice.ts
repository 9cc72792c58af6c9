/** Cases on which server the balancer chooses: counts over many answers, with stated error rates. */
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import {
  binomialAtMost,
  chiSquared,
  chiSquaredAbove,
  runsDeviation,
  strongestRepeat,
} from "../engine/statistics.ts";
import {
  askMany,
  countsText,
  INSTANT,
  sentText,
  shuffled,
  SPEEDS_MS,
  startCourse,
  startServers,
} from "./course.ts";
import type { Course, Pace, Tally } from "./course.ts";

/** The chance to fail an implementation that just meets a rule, per case. */
export const FALSE_ALARM = 1e-6;

async function course(context: CaseContext, paces: readonly (Pace | number)[]): Promise<Course> {
  return await startCourse(context, await startServers(context, shuffled(paces, context.random)));
}

/** How often the server with this pace was named. */
function countOf(on: Course, counts: Tally, slowness: number): number {
  const at = on.servers.findIndex(({ pace }) => pace.headMs + pace.bodyMs === slowness);
  return counts.counts[at] as number;
}

function rare(p: number): string {
  return p === 0 ? "under 1e-300" : p.toExponential(1);
}

async function everyServer(context: CaseContext, pace: number): Promise<void> {
  const on = await course(context, [pace, pace, pace]);
  const asked = await askMany(on, 300);
  if (asked.counts.every((count) => count > 0)) return;
  throw context.failure("a server that is alive was never chosen", {
    sent: sentText(on, "asked for /page.html 300 times"),
    expected: "each of the three named at least once " +
      "(a share of 5 % is missed with probability 2e-7)",
    actual: countsText(on, asked),
  });
}

async function fasterGetsMore(context: CaseContext): Promise<string> {
  const on = await course(context, SPEEDS_MS);
  const asked = await askMany(on, 1000);
  const fast = countOf(on, asked, SPEEDS_MS[0]);
  const slow = countOf(on, asked, SPEEDS_MS[2]);
  const p = binomialAtMost(fast, fast + slow, 2 / 3);
  if (fast + slow > 0 && p >= FALSE_ALARM) return `fastest ${fast}, slowest ${slow} of 1000`;
  throw context.failure(
    `the fastest server got ${fast} and the slowest ${slow} of 1000 requests`,
    {
      sent: sentText(on, "asked for /page.html 1000 times"),
      expected:
        "clearly more for the fastest than for the slowest: at least twice as many on average",
      actual: `${countsText(on, asked)}\n` +
        `with shares of 2:1 so few for the fastest come with probability ${rare(p)}; ` +
        `below ${FALSE_ALARM} is a failure`,
    },
  );
}

async function timesWholeTransfer(context: CaseContext): Promise<void> {
  const quickHead: Pace = { headMs: 0, bodyMs: 700 };
  const steady: Pace = { headMs: 200, bodyMs: 0 };
  const on = await course(context, [quickHead, steady]);
  const asked = await askMany(on, 300);
  const fast = countOf(on, asked, 200);
  const slow = countOf(on, asked, 700);
  const p = binomialAtMost(fast, fast + slow, 2 / 3);
  if (fast + slow > 0 && p >= FALSE_ALARM) return;
  throw context.failure(
    `the server with quick headers and a slow body got ${slow} of 300 requests, the faster one ${fast}`,
    {
      sent: sentText(on, "asked for /page.html 300 times"),
      expected:
        "more for the server whose whole transfer is faster: the time runs to the last byte",
      actual: `${countsText(on, asked)}\nprobability ${rare(p)} with shares of 2:1`,
    },
  );
}

async function rankShares(context: CaseContext): Promise<string> {
  const on = await course(context, SPEEDS_MS);
  const asked = await askMany(on, 1000);
  const bySpeed = [SPEEDS_MS[2], SPEEDS_MS[1], SPEEDS_MS[0]].map((ms) => countOf(on, asked, ms));
  const p = chiSquaredAbove(chiSquared(bySpeed, [1, 2, 3]), 2);
  if (asked.others === 0 && p >= FALSE_ALARM) return `slowest to fastest: ${bySpeed.join(", ")}`;
  throw context.failure(`from slowest to fastest the servers got ${bySpeed.join(", ")} of 1000`, {
    sent: sentText(on, "asked for /page.html 1000 times"),
    expected:
      "shares 1:2:3, so about 167, 333, 500 (another rule that favours the faster is allowed)",
    actual: `${countsText(on, asked)}\nprobability ${rare(p)} with shares 1:2:3`,
  });
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

async function randomChoice(context: CaseContext): Promise<string> {
  const on = await course(context, SPEEDS_MS);
  // One after the other: the order is what is judged.
  const asked = await askMany(on, 300, 1);
  const deviation = runsDeviation(asked.sequence);
  const repeat = strongestRepeat(asked.sequence, LONGEST_CYCLE);
  const used = new Set(asked.sequence).size;
  const fixed = used > 1 && repeat.share >= REPEAT_LIMIT;
  if (!fixed && Math.abs(deviation) <= RUNS_LIMIT && used > 1) {
    return `runs ${deviation.toFixed(1)} standard deviations from the mean`;
  }
  const letters = asked.sequence.map((i) => i < 0 ? "?" : String.fromCharCode(65 + i)).join("");
  throw context.failure(
    used === 1
      ? "every request was sent to the same server"
      : fixed
      ? `the choice repeats every ${repeat.lag} requests`
      : "the choice is more regular than a random draw",
    {
      sent: sentText(on, "asked for /page.html 300 times, one after the other"),
      expected: "a server drawn at random for each request",
      actual:
        `${letters}\n${Math.round(repeat.share * 100)} % are the same as ${repeat.lag} before; ` +
        `runs of equal neighbours ${deviation.toFixed(1)} standard deviations from the mean`,
    },
  );
}

export const choiceCases: readonly Case[] = [
  {
    id: "redirect.balancer.every-server",
    rule: "redirect.balancer.every-server",
    title: "Three equal servers all get some of 300 requests",
    falseAlarm: FALSE_ALARM,
    run: (context) => everyServer(context, 40),
  },
  {
    id: "redirect.balancer.equal-times/instant",
    rule: "redirect.balancer.equal-times",
    title: "Three servers whose times are too short to measure are all served",
    falseAlarm: FALSE_ALARM,
    run: (context) => everyServer(context, INSTANT.headMs),
  },
  {
    id: "redirect.balancer.faster-gets-more",
    rule: "redirect.balancer.faster-gets-more",
    title: "Of 1000 requests the fastest of three servers gets clearly more than the slowest",
    falseAlarm: FALSE_ALARM,
    timed: true,
    run: fasterGetsMore,
  },
  {
    id: "redirect.balancer.times-whole-transfer",
    rule: "redirect.balancer.times-whole-transfer",
    title: "A server with quick headers and a slow body ranks as slow",
    falseAlarm: FALSE_ALARM,
    timed: true,
    run: timesWholeTransfer,
  },
  {
    id: "redirect.balancer.rank-shares",
    rule: "redirect.balancer.rank-shares",
    title: "Three servers get shares of 1:2:3 from the slowest to the fastest",
    falseAlarm: FALSE_ALARM,
    timed: true,
    run: rankShares,
  },
  {
    id: "redirect.balancer.random-choice",
    rule: "redirect.balancer.random-choice",
    title: "The choice is drawn at random, not in a fixed cycle",
    falseAlarm: FALSE_ALARM,
    timed: true,
    run: randomChoice,
  },
];
