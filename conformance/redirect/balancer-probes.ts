/** Cases on what the balancer measures at its start, and which servers it may then use. */
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { askMany, askOnce, countsText, sentText, startCourse, startServers } from "./course.ts";
import type { Course } from "./course.ts";

/**
 * A server counts as used when it was measured or named; one with a share of 1:55, the least of ten,
 * is missed by a thousand draws with probability 1e-8.
 */
const DRAWS = [40, 1000] as const;

async function anyNumber(context: CaseContext, count: number): Promise<void> {
  const servers = await startServers(context, Array(count).fill(0));
  const on = await startCourse(context, servers);
  const named = new Set<number>();
  const unused = () =>
    servers.filter(({ standIn }, i) => standIn.connections === 0 && !named.has(i));
  for (const draws of DRAWS) {
    const asked = await askMany(on, draws);
    for (const index of asked.sequence) named.add(index);
    if (asked.others > 0) {
      throw context.failure(`of ${draws} answers ${asked.others} name no listed server`, {
        sent: sentText(on, `asked for /page.html ${draws} times`),
        expected: "each answer names one of the servers listed",
        actual: countsText(on, asked),
      });
    }
    if (unused().length === 0) return;
  }
  throw context.failure(`${unused().length} of ${count} listed servers are never used`, {
    sent: sentText(on, `asked for /page.html ${DRAWS[0] + DRAWS[1]} times`),
    expected: "every listed server is measured or named in an answer",
    actual: `neither: ${unused().map(({ standIn }) => standIn.address).join(", ")}`,
  });
}

async function probesFirst(context: CaseContext): Promise<void> {
  const servers = await startServers(context, [60, 60, 60]);
  const on = await startCourse(context, servers);
  await askOnce(on);
  const answeredMs = performance.now();
  const sent = sentText(on, "asked for /page.html as soon as the balancer listened");
  const late = servers.filter(({ standIn }) =>
    !standIn.requests.some(({ atMs }) => atMs < answeredMs)
  );
  if (late.length > 0) {
    throw context.failure(
      `the first client was answered before ${late.length} of 3 servers had been measured`,
      { sent, expected: "a GET to each server first", actual: context.log.toString() },
    );
  }
  const asked = servers.map(({ standIn }) => standIn.requests[0]!);
  const others = asked.filter(({ method }) => method !== "GET");
  const files = new Set(asked.map(({ target }) => target.replace(/^\/*/, "/")));
  if (others.length === 0 && files.size === 1) return;
  const what = others.length > 0
    ? `the test is a ${others[0]?.method}, not a GET`
    : `the servers are asked for different files: ${[...files].join(", ")}`;
  throw context.failure(what, {
    sent,
    expected: "a GET for the same file to each server",
    actual: context.log.toString(),
  });
}

/** Asks, and fails where any answer names a server of the second list. */
export async function onlyLive(on: Course, dead: readonly string[], times: number, when: string) {
  const asked = await askMany(on, times);
  const wrong = dead.filter((address) => (asked.counts[on.listed.indexOf(address)] as number) > 0);
  if (wrong.length === 0 && asked.others === 0) return;
  const what = wrong.length > 0
    ? `clients are sent to ${wrong.join(", ")}, which is down`
    : `${asked.others} of ${times} answers name no listed server`;
  throw on.context.failure(what, {
    sent: sentText(on, `${when} asked for /page.html ${times} times`),
    expected: "only servers that were up at the last test",
    actual: `${countsText(on, asked)}\n--- the log:\n${on.context.log}`,
  });
}

const PLACES = { first: "first", middle: "between others", last: "last" };

async function deadAtStart(context: CaseContext, position: 0 | 1 | 2): Promise<void> {
  const dead = `127.0.0.1:${await context.deadPort()}`;
  const servers = await startServers(context, [0, 0]);
  const listed = servers.map(({ standIn }) => standIn.address);
  listed.splice(position, 0, dead);
  const on = await startCourse(context, servers, { listed });
  await onlyLive(on, [dead], 60, "");
}

const SERVING_MS = 30_000;

async function slowServer(context: CaseContext): Promise<void> {
  const silent = await context.standIn({ name: "silent server", respond() {} });
  const servers = await startServers(context, [0, 0]);
  const listed = servers.map(({ standIn }) => standIn.address);
  listed.splice(1, 0, silent.address);
  const on = await startCourse(context, servers, { listed, listenMs: SERVING_MS });
  await askOnce(on, SERVING_MS);
  await onlyLive(on, [silent.address], 40, "(the silent one accepts and never answers)");
}

async function nobodyAtStart(context: CaseContext): Promise<void> {
  const dead = [await context.deadPort(), await context.deadPort()].map((port) =>
    `127.0.0.1:${port}`
  );
  const on = await startCourse(context, [], { listed: dead });
  await says503(on, "");
}

/** 503, twice: it has to stay up. */
export async function says503(on: Course, when: string): Promise<void> {
  for (let i = 0; i < 2; i++) {
    const { answer } = await askOnce(on);
    if (answer.status === 503) continue;
    throw on.context.failure(`with no server left the answer is ${answer.startLine}`, {
      sent: sentText(on, `${when} asked for /page.html`),
      expected: "503, and it stays up",
      actual: `${answer.startLine}\n--- the log:\n${on.context.log}`,
    });
  }
}

export const probeCases: readonly Case[] = [
  ...[1, 2, 3, 10].map((count): Case => ({
    id: `redirect.balancer.any-number-of-servers/${count}`,
    rule: "redirect.balancer.any-number-of-servers",
    title: count === 1
      ? "One listed server is used"
      : `${count} listed servers are measured and used`,
    run: (context) => anyNumber(context, count),
  })),
  {
    id: "redirect.balancer.probes-before-serving",
    rule: "redirect.balancer.probes-before-serving",
    title: "Each server is asked for the same file before the first client is answered",
    run: probesFirst,
  },
  ...(["first", "middle", "last"] as const).map((name, position): Case => ({
    id: `redirect.balancer.drops-dead-at-start/${name}`,
    rule: "redirect.balancer.drops-dead-at-start",
    title: `A server that refuses at the start is left out, listed ${PLACES[name]}`,
    run: (context) => deadAtStart(context, position as 0 | 1 | 2),
  })),
  {
    id: "redirect.balancer.survives-slow-server",
    rule: "redirect.balancer.survives-slow-server",
    title: "A server that accepts and never answers is given up within 30 s and left out",
    run: slowServer,
  },
  {
    id: "redirect.balancer.no-servers-left/at-start",
    rule: "redirect.balancer.no-servers-left",
    title: "When no server answers at the start, clients get 503",
    needs: ["redirect.balancer.drops-dead-at-start"],
    run: nobodyAtStart,
  },
];
