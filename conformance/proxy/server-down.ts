/** Cases of proxy.proxy.server-down: a server that refuses, resets or closes, and is back later. */
import { nodeTcp } from "../../src/net/mod.ts";
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { failed, getRequest, nameItself, startCourse } from "./course.ts";
import type { Course } from "./course.ts";
import {
  askTimed,
  expectGateway,
  expectServer,
  FORWARDS,
  GATEWAY_STATUSES,
  steer,
} from "./steering-asks.ts";
import type { Responder, UpstreamStandIn } from "./upstream-stand-in.ts";

const DOWN = "proxy.proxy.server-down";
const FOLLOWS = "proxy.proxy.follows-file";
const NEW = "proxy.proxy.new-address";

/** The rule's 3 s, and a little for a busy machine. */
const LIMIT = { ms: 3500 };

async function startDown(context: CaseContext) {
  const course = await startCourse(context);
  const [first, second] = course.servers as [UpstreamStandIn, UpstreamStandIn];
  await expectServer(course, first, "/before", "before anything happens");
  return { course, first, second };
}

async function expectDown(course: Course, path: string): Promise<void> {
  expectGateway(course, path, await askTimed(course, path), LIMIT);
}

async function refusedThenBack(context: CaseContext): Promise<void> {
  const { course, first } = await startDown(context);
  await first.refuse();
  await expectDown(course, "/down-1");
  await expectDown(course, "/down-2");
  await first.listen();
  context.log.add(first.name, "is back");
  await expectServer(course, first, "/back", "when the server is back");
}

async function refusedThenOther(context: CaseContext): Promise<void> {
  const { course, first, second } = await startDown(context);
  await first.refuse();
  await expectDown(course, "/down");
  await steer(course, second);
  await expectServer(course, second, "/other", "when the file names another server");
}

/** Accepts connections and resets each at once. */
async function startResetter(context: CaseContext): Promise<string> {
  const port = await context.deadPort();
  const listener = await nodeTcp.listen({ host: "127.0.0.1", port }, (socket) => {
    context.log.add("resetting server", "accepts a connection and resets it");
    socket.reset();
    return { onData() {} };
  });
  context.onEnd(() => listener.close());
  return `127.0.0.1:${port}`;
}

async function resetAtOnce(context: CaseContext): Promise<void> {
  const { course, second } = await startDown(context);
  await steer(course, await startResetter(context));
  await expectDown(course, "/reset-1");
  await expectDown(course, "/reset-2");
  await steer(course, second);
  await expectServer(course, second, "/other", "when the file names another server");
}

/** A proxy may ask again, so the server does the same each time. */
async function noAnswer(context: CaseContext, by: "reset" | "end"): Promise<void> {
  const { course, first } = await startDown(context);
  const break_: Responder = async ({ whole, connection }) => {
    await whole;
    connection[by]();
  };
  first.respond = break_;
  await expectDown(course, "/broken-1");
  await expectDown(course, "/broken-2");
  first.respond = nameItself;
  await expectServer(course, first, "/well", "when the server answers again");
}

/** The connection that the proxy keeps to the server dies between two requests. */
async function staleConnection(context: CaseContext, by: "reset" | "end"): Promise<string> {
  const { course, first } = await startDown(context);
  const kept = first.open.length;
  for (const connection of first.open) connection[by]();
  const path = "/after-the-end";
  const asked = await askTimed(course, path);
  const right = asked.answer.status === 200 &&
    first.requests.some(({ target }) => target.endsWith(path));
  if (!right) expectGateway(course, path, asked, LIMIT);
  if (right && asked.tookMs > LIMIT.ms) {
    throw failed(course, `the answer took ${(asked.tookMs / 1000).toFixed(1)} s`, {
      sent: getRequest(course, path),
      expected: `the server's answer, or ${GATEWAY_STATUSES.join(", ")}, within ${
        LIMIT.ms / 1000
      } s`,
      answer: asked.answer,
    });
  }
  await expectServer(course, first, "/later", "after a kept connection had died");
  return kept === 0 ? "it keeps no connection to the server" : `answered ${asked.answer.status}`;
}

interface Row {
  readonly name: string;
  readonly title: string;
  readonly needs?: readonly string[];
  run(context: CaseContext): Promise<string | void>;
}

const ROWS: readonly Row[] = [
  {
    name: "refused",
    title: "A server that refuses is a 502, 503 or 504, and works when it is back",
    run: refusedThenBack,
  },
  {
    name: "refused-then-other",
    title: "After a server that refused, the next one in the file works",
    needs: [FOLLOWS],
    run: refusedThenOther,
  },
  {
    name: "reset-at-once",
    title: "A server that resets each connection is a 502, 503 or 504",
    // It is none of those that the proxy was started with.
    needs: [FOLLOWS, NEW],
    run: resetAtOnce,
  },
  {
    name: "reset-after-request",
    title: "A server that reads a request and resets is a 502, 503 or 504",
    run: (context) => noAnswer(context, "reset"),
  },
  {
    name: "closed-after-request",
    title: "A server that reads a request and closes is a 502, 503 or 504",
    run: (context) => noAnswer(context, "end"),
  },
  {
    name: "kept-then-reset",
    title: "A kept connection that was reset between two requests does no harm",
    run: (context) => staleConnection(context, "reset"),
  },
  {
    name: "kept-then-closed",
    title: "A kept connection that was closed between two requests does no harm",
    run: (context) => staleConnection(context, "end"),
  },
];

export const serverDownCases: readonly Case[] = ROWS.map(({ name, title, needs = [], run }) => ({
  id: `${DOWN}/${name}`,
  rule: DOWN,
  title,
  needs: [FORWARDS, ...needs],
  timed: true,
  run,
}));
