/** Cases of proxy.proxy.server-silent: a server that says nothing, or not all, for longer than it may. */
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { failed, getRequest, nameItself, startCourse } from "./course.ts";
import type { Course } from "./course.ts";
import { startDeafServer } from "./deaf-server.ts";
import { heldUp } from "./held-up.ts";
import { askTimed, expectGateway, expectServer, FORWARDS, steer } from "./steering-asks.ts";
import type { Responder, UpstreamStandIn } from "./upstream-stand-in.ts";

const SILENT = "proxy.proxy.server-silent";

/** The published proxy gives a server 2 s; any limit near that is one. */
const LIMIT_MS = 5000;
const LIMIT = {
  ms: LIMIT_MS,
  statuses: [502, 504],
  by: ":\nthe proxy gives a server 2 s for its answer, and then tells the client",
};

const PATH = "/silent";
const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n";

/** Answers all but one path. */
const silentOnPath: Responder = (request) =>
  request.target.endsWith(PATH) ? undefined : nameItself(request);

/** To one path it sends a head and the first of its body. */
const stopsOnPath: Responder = (request) => {
  if (!request.target.endsWith(PATH)) return nameItself(request);
  request.connection.send(HEAD + "the first of the body\n".repeat(40));
};

/** Longer than the limit, to tell how late an answer is. */
const PATIENCE = { deadlineMs: 12_000, silenceMs: 12_000 };

async function noAnswer(context: CaseContext): Promise<void> {
  const course = await startCourse(context, { respond: silentOnPath });
  expectGateway(course, PATH, await askTimed(course, PATH, PATIENCE), LIMIT);
  await expectServer(
    course,
    course.servers[0] as UpstreamStandIn,
    "/next",
    "after a server's silence",
  );
}

async function notAccepted(context: CaseContext): Promise<void> {
  const course = await startCourse(context);
  const [first] = course.servers as [UpstreamStandIn];
  await steer(course, await startDeafServer(context));
  context.log.add("suite", "a server that accepts no connection: its backlog is full");
  // No connection at all is as well told by 503.
  const by = ":\nthe proxy's time limit for a server is one for the connecting too";
  const limit = { ms: LIMIT_MS, by };
  expectGateway(course, PATH, await askTimed(course, PATH, PATIENCE), limit);
  await steer(course, first);
  await expectServer(course, first, "/next", "when the file names another server");
}

/** Nothing is said of how long a proxy waits for the rest: it has to make no whole answer of it. */
async function bodyStops(context: CaseContext): Promise<string> {
  const course = await startCourse(context, { respond: stopsOnPath });
  const { answer, tookMs } = await askTimed(course, PATH, {
    deadlineMs: LIMIT_MS,
    silenceMs: LIMIT_MS,
  });
  const whole = answer.end !== "truncated" && answer.end !== "silence";
  if (whole && answer.status < 500) {
    throw failed(course, "an answer that was never whole came to a clean end", {
      sent: getRequest(course, PATH),
      expected: "502 or 504, or an end that shows that it is not whole",
      answer,
    });
  }
  const [first] = course.servers as [UpstreamStandIn];
  await expectServer(course, first, "/next", "after a body that stopped");
  return `${answer.startLine ?? "no answer"}, ${answer.end} after ${(tookMs / 1000).toFixed(1)} s`;
}

/** While one client waits for an answer that does not come, others are answered. */
async function others(context: CaseContext, respond: Responder): Promise<void> {
  const course: Course = await startCourse(context, { respond });
  const [first] = course.servers as [UpstreamStandIn];
  await expectServer(course, first, "/before", "before anything happens");
  await heldUp(course, PATH, () => {});
}

export const serverSilentCases: readonly Case[] = [
  {
    id: `${SILENT}/no-answer`,
    rule: SILENT,
    title: "A server that never answers is a 502 or 504 within 5 s",
    needs: [FORWARDS],
    timed: true,
    run: noAnswer,
  },
  {
    id: `${SILENT}/not-accepted`,
    rule: SILENT,
    title: "A server that accepts no connection is a 502, 503 or 504 within 5 s",
    // The server is none of those that the proxy was started with.
    needs: [FORWARDS, "proxy.proxy.follows-file", "proxy.proxy.new-address"],
    timed: true,
    slow: true,
    run: notAccepted,
  },
  {
    id: `${SILENT}/body-stops`,
    rule: SILENT,
    title: "A body that stops coming is not passed as a whole one",
    needs: [FORWARDS, "proxy.proxy.truncated"],
    timed: true,
    slow: true,
    run: bodyStops,
  },
  {
    id: `${SILENT}/others`,
    rule: SILENT,
    title: "While a server's answer does not come, other clients are answered",
    needs: [FORWARDS],
    timed: true,
    run: (context) => others(context, silentOnPath),
  },
  {
    id: `${SILENT}/others-while-body-stops`,
    rule: SILENT,
    title: "While the rest of a body does not come, other clients are answered",
    needs: [FORWARDS],
    timed: true,
    run: (context) => others(context, stopsOnPath),
  },
];
