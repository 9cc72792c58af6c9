/** Cases on what happens when the balancer measures its servers again. */
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { onlyLive, says503 } from "./balancer-probes.ts";
import { FALSE_ALARM, oddsOfFaster } from "./choice-odds.ts";
import {
  askMany,
  askOnce,
  countsText,
  moreProbes,
  sentText,
  startCourse,
  startServers,
} from "./course.ts";
import type { Course, Server } from "./course.ts";

/**
 * Under a warped clock delays stay under 50 ms: DESIGN, "Time". There these are measured as a second
 * and as three, with as many digits, so that a sort of times as text shows in the cases on ranks only.
 */
const FAST_MS = 17;
const SLOW_MS = 49;

async function start(context: CaseContext, paces: readonly number[]): Promise<Course> {
  const on = await startCourse(context, await startServers(context, paces), { waits: true });
  await askOnce(on);
  return on;
}

/** Waits for whole rounds of probes; a round that never comes is the failure of the case. */
async function rounds(on: Course, servers: readonly Server[], count: number): Promise<void> {
  if (await moreProbes(on, servers, count)) return;
  throw noRound(on, "without clients");
}

function noRound(on: Course, when: string) {
  const waited = Math.round(on.balancer.roundMs / 1000);
  return on.context.failure(`the servers were not measured again ${when}`, {
    sent: sentText(on, `waited ${when}`),
    expected: `a second test of every server within ${waited} s` +
      (on.balancer.warped ? " (its clock runs 60 times as fast)" : ""),
    actual: on.context.log.toString(),
  });
}

async function retests(context: CaseContext): Promise<void> {
  const on = await start(context, [0, 0]);
  await rounds(on, on.servers, 1);
}

async function retestsUnderLoad(context: CaseContext): Promise<void> {
  const on = await start(context, [0, 0]);
  const until = performance.now() + on.balancer.roundMs * 1.5;
  const before = on.servers.map(({ standIn }) => standIn.requests.length);
  const again = () =>
    on.servers.every(({ standIn }, i) => standIn.requests.length > (before[i] as number));
  while (!again()) {
    if (performance.now() > until) throw noRound(on, "while a client came every 100 ms");
    await askOnce(on);
    await context.log.waitFor(again, 100);
  }
}

async function followsChange(context: CaseContext): Promise<string> {
  const on = await start(context, [FAST_MS, SLOW_MS]);
  const [first, second] = on.servers as [Server, Server];
  first.pace.headMs = SLOW_MS;
  second.pace.headMs = FAST_MS;
  context.log.add(
    "suite",
    `${first.standIn.name} is slow from here on, ${second.standIn.name} fast`,
  );
  // The round that is under way may have measured one of them before; the one after it is new, and
  // the probes of a third show that its ranking is in use.
  await rounds(on, on.servers, 3);
  const asked = await askMany(on, 300);
  const [nowSlow = 0, nowFast = 0] = asked.counts;
  const p = oddsOfFaster(nowFast, nowSlow);
  if (p >= FALSE_ALARM) {
    return `${nowFast} of 300 to the server that became fast`;
  }
  throw context.failure(
    `after the servers swapped speeds the one that is fast now got ${nowFast} of 300`,
    {
      sent: sentText(
        on,
        "swapped their speeds, waited for new tests, asked for /page.html 300 times",
      ),
      expected: "more for the server that is fast now",
      actual: `${countsText(on, asked)}\n--- the log:\n${context.log}`,
    },
  );
}

/** Takes the second of three servers down and waits for the test that finds it so. */
async function loseOne(on: Course): Promise<Server[]> {
  const [first, lost, last] = on.servers as [Server, Server, Server];
  await lost.standIn.refuse();
  await rounds(on, [first, last], 2);
  return [first, last];
}

async function deadAtRetest(context: CaseContext): Promise<void> {
  const on = await start(context, [0, 0, 0]);
  await loseOne(on);
  await onlyLive(on, [on.listed[1] as string], 100, "took server B down, waited for two tests,");
}

async function stopsProbingDead(context: CaseContext): Promise<void> {
  const on = await start(context, [0, 0, 0]);
  const live = await loseOne(on);
  const lost = on.servers[1] as Server;
  const before = lost.standIn.connections;
  await lost.standIn.listen();
  context.log.add(lost.standIn.name, "is up again");
  await rounds(on, live, 2);
  if (lost.standIn.connections === before) return;
  throw context.failure("a server that was dropped is measured again", {
    sent: sentText(
      on,
      "took server B down, waited for two tests, brought it up, waited for two more",
    ),
    expected: "no connection to server B once it was dropped",
    actual: context.log.toString(),
  });
}

async function nobodyAtRetest(context: CaseContext): Promise<void> {
  const on = await start(context, [0]);
  const [only] = on.servers as [Server];
  await rounds(on, [only], 1);
  await only.standIn.refuse();
  // Nothing that the suite can see tells that the test has come but the answers themselves.
  const until = performance.now() + on.balancer.roundMs;
  while (performance.now() < until) {
    if ((await askOnce(on)).index < 0) break;
    await context.log.waitFor(() => false, 200);
  }
  await says503(on, "took the only server down, waited for the next test,");
}

async function keepsAddress(context: CaseContext): Promise<void> {
  const on = await start(context, [0, 0]);
  const before = on.balancer.address;
  const { lacks = [] } = context.implementation.manifest;
  if (!lacks.includes("redirect.balancer.retests")) await rounds(on, on.servers, 2);
  await askOnce(on);
  await on.balancer.findAgain();
  const after = on.balancer.address;
  if (before === after) return;
  throw context.failure(`the balancer moved from ${before} to ${after}`, {
    sent: sentText(on, "waited for two tests"),
    expected: `it still listens at ${before}`,
    actual: `it listens at ${after}\n--- the log:\n${context.log}`,
  });
}

const NEEDS_RETESTS = ["redirect.balancer.retests"];

export const retestCases: readonly Case[] = ([
  [
    "retests",
    "The servers are measured again after the interval, with no client in between",
    retests,
    [],
  ],
  [
    "retests-under-load",
    "A client every 100 ms does not put the next test off for ever",
    retestsUnderLoad,
    NEEDS_RETESTS,
  ],
  [
    "follows-change",
    "When two servers swap speeds, so do their shares",
    followsChange,
    NEEDS_RETESTS,
  ],
  [
    "drops-dead-at-retest",
    "A server that is down at a later test gets no more clients",
    deadAtRetest,
    NEEDS_RETESTS,
  ],
  [
    "stops-probing-dead",
    "A server that was dropped is not measured again, even when it is back",
    stopsProbingDead,
    [...NEEDS_RETESTS, "redirect.balancer.drops-dead-at-retest"],
  ],
  [
    "no-servers-left/at-retest",
    "When the last server goes down, clients get 503",
    nobodyAtRetest,
    [
      ...NEEDS_RETESTS,
      "redirect.balancer.drops-dead-at-retest",
      // It asks while it waits.
      "redirect.balancer.retests-under-load",
    ],
  ],
  [
    "keeps-address",
    "The balancer listens at one address through its tests",
    keepsAddress,
    NEEDS_RETESTS,
  ],
] as const).map(([name, title, run, needs]): Case => ({
  id: `redirect.balancer.${name}`,
  rule: `redirect.balancer.${name.split("/")[0]}`,
  title,
  needs,
  waits: true,
  timed: true,
  run,
}));
