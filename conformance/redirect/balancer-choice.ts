/** Cases on which server the balancer chooses: counts over many answers, with stated error rates. */
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { FALSE_ALARM, judgeOrder, oddsOfFaster, oddsOfRanks } from "./choice-odds.ts";
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
  const p = oddsOfFaster(fast, slow);
  if (p >= FALSE_ALARM) return `fastest ${fast}, slowest ${slow} of 1000`;
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
  const p = oddsOfFaster(fast, slow);
  if (p >= FALSE_ALARM) return;
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
  const p = oddsOfRanks(bySpeed);
  if (asked.others === 0 && p >= FALSE_ALARM) return `slowest to fastest: ${bySpeed.join(", ")}`;
  throw context.failure(`from slowest to fastest the servers got ${bySpeed.join(", ")} of 1000`, {
    sent: sentText(on, "asked for /page.html 1000 times"),
    expected:
      "shares 1:2:3, so about 167, 333, 500 (another rule that favours the faster is allowed)",
    actual: `${countsText(on, asked)}\nprobability ${rare(p)} with shares 1:2:3`,
  });
}

async function randomChoice(context: CaseContext): Promise<string> {
  const on = await course(context, SPEEDS_MS);
  // One after the other: the order is what is judged.
  const asked = await askMany(on, 300, 1);
  const { fault, deviation, repeat } = judgeOrder(asked.sequence);
  if (!fault) return `runs ${deviation.toFixed(1)} standard deviations from the mean`;
  const letters = asked.sequence.map((i) => i < 0 ? "?" : String.fromCharCode(65 + i)).join("");
  throw context.failure(fault, {
    sent: sentText(on, "asked for /page.html 300 times, one after the other"),
    expected: "a server drawn at random for each request",
    actual:
      `${letters}\n${Math.round(repeat.share * 100)} % are the same as ${repeat.lag} before; ` +
      `runs of equal neighbours ${deviation.toFixed(1)} standard deviations from the mean`,
  });
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
