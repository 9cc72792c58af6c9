/** Cases for the role balancer: fixed exchanges, and how it deals with its connections. */
import type { Case } from "../engine/case.ts";
import { actualText, askGolden } from "../engine/golden/ask.ts";
import { goldenCases } from "../engine/golden/load.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { Connection } from "../engine/wire/connection.ts";
import { escapeMessage } from "../engine/bytes.ts";
import { fixture } from "../engine/fixtures.ts";
import { choiceCases } from "./balancer-choice.ts";
import { probeCases } from "./balancer-probes.ts";
import { retestCases } from "./balancer-retests.ts";
import { askMany, askOnce, countsText, sentText, startCourse, startServers } from "./course.ts";

/** How long the end of an answer may take: the rule's own 2 s, and a little for a busy machine. */
const END_MS = 2500;

async function messageEnds(context: CaseContext, version: "1.0" | "1.1"): Promise<void> {
  const on = await startCourse(context, await startServers(context, [0, 0]));
  await askOnce(on);
  const connection = await Connection.open(on.balancer.host, on.balancer.port);
  const message = `GET /page.html HTTP/${version}\r\nHost: ${on.balancer.address}\r\n\r\n`;
  try {
    connection.send(message);
    const answer = await connection.read({ deadlineMs: 10_000, silenceMs: END_MS });
    const problem = endProblem(answer.end) ??
      (await another(connection) ? "bytes come after the end of the answer" : undefined);
    if (!problem) return;
    throw context.failure(problem, {
      sent: escapeMessage(new TextEncoder().encode(message)),
      expected: "a right Content-Length, a right chunked body, or a close within 2 s",
      actual: actualText(answer),
    });
  } finally {
    connection.close();
  }
}

function endProblem(end: string): string | undefined {
  if (end === "silence") {
    return "the client cannot tell where the answer ends: no right Content-Length, and no close";
  }
  return end === "truncated"
    ? "the connection closed before the announced end of the answer"
    : undefined;
}

/** Whether more bytes come on a connection whose answer is complete. */
async function another(connection: Connection): Promise<boolean> {
  if (connection.closed || !await connection.speaks(300)) return false;
  return (await connection.read({ deadlineMs: 300 })).raw.length > 0;
}

const OTHERS_MS = 2000;

async function silentClient(context: CaseContext, says: string): Promise<void> {
  const on = await startCourse(context, await startServers(context, [0, 0]));
  await askOnce(on);
  const silent = await Connection.open(on.balancer.host, on.balancer.port);
  try {
    if (says) silent.send(says);
    context.log.add("suite", `a client connects and says ${says ? "half a request" : "nothing"}`);
    const asked = performance.now();
    const { answer } = await askOnce(on, OTHERS_MS).catch((error) => {
      throw context.failure("a client that says nothing stops the others", {
        sent: sentText(on, "one client connected and said nothing; another asked for /page.html"),
        expected: `the other is answered within ${OTHERS_MS / 1000} s`,
        actual: `${error.message}, ${Math.round(performance.now() - asked)} ms\n${context.log}`,
      });
    });
    context.log.add("suite", `the other client got ${answer.startLine}`);
  } finally {
    silent.close();
  }
}

async function concurrent(context: CaseContext): Promise<void> {
  const on = await startCourse(context, await startServers(context, [0, 0, 0]));
  const asked = await askMany(on, 500, 50);
  if (asked.others === 0) return;
  throw context.failure(`${asked.others} of 500 answers name no listed server`, {
    sent: sentText(on, "50 clients at once asked for /page.html, 500 requests in all"),
    expected: "each is answered with a listed server",
    actual: countsText(on, asked),
  });
}

export const balancerCases: readonly Case[] = [
  ...goldenCases("redirect", "balancer", async (context, golden) => {
    const count = Number(golden.keys.servers ?? 2);
    const on = await startCourse(context, await startServers(context, Array(count).fill(0)));
    await askGolden(context, golden, on.balancer, {
      texts: { host: on.balancer.address },
      servers: on.listed,
      file: fixture,
    });
  }),
  ...(["1.1", "1.0"] as const).map((version): Case => ({
    id: `redirect.balancer.message-ends/http-${version}`,
    rule: "redirect.balancer.message-ends",
    title: `The end of the 301 can be told by a client of HTTP/${version}`,
    run: (context) => messageEnds(context, version),
  })),
  ...[["nothing", ""], ["half-a-request", "GET /page.html HT"]].map(([variant, says]): Case => ({
    id: `redirect.balancer.silent-client/${variant}`,
    rule: "redirect.balancer.silent-client",
    title: `A client that says ${variant?.replaceAll("-", " ")} does not stop the others`,
    timed: true,
    run: (context) => silentClient(context, says as string),
  })),
  {
    id: "redirect.balancer.concurrent",
    rule: "redirect.balancer.concurrent",
    title: "50 clients at once are all answered, 500 requests in all",
    timed: true,
    run: concurrent,
  },
  ...choiceCases,
  ...probeCases,
  ...retestCases,
];
