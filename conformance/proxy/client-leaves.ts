/** Cases of proxy.proxy.client-leaves: clients that go away before their answer is whole. */
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { socketInodes } from "../engine/process/proc.ts";
import { largeFile } from "../engine/fixtures.ts";
import { failed, getRequest, nameItself, reach, startCourse } from "./course.ts";
import type { Course } from "./course.ts";
import { expectServer, FORWARDS, wasAsked } from "./steering-asks.ts";
import type { UpstreamConnection } from "./upstream-connection.ts";
import type { Responder, UpstreamStandIn } from "./upstream-stand-in.ts";

const LEAVES = "proxy.proxy.client-leaves";
/** When a client leaves. */
type Moment = "before-head" | "mid-body";

/** A proxy that does one thing at a time, and waits 2 s for each silent server, is through them in 16 s. */
const CLIENTS: Readonly<Record<Moment, number>> = { "before-head": 8, "mid-body": 20 };
const AT_ONCE = 4;
/** For the proxy to notice: at once, or when its time limit for the server is over. */
const CLOSING_MS = 20_000;
const BEGIN_MS = 10_000;
/** For a request to be passed on; one that waits in the proxy has a client that may leave too. */
const REACH_MS = 500;

const PIECE_BYTES = 64 * 1024;

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    yield bytes.subarray(at, at + PIECE_BYTES);
  }
}

interface Leaving {
  readonly course: Course;
  readonly server: UpstreamStandIn;
  /** Connections on which an answer to a client that left is not at its end. */
  readonly busy: Set<UpstreamConnection>;
}

async function start(context: CaseContext, moment: Moment): Promise<Leaving> {
  const busy = new Set<UpstreamConnection>();
  const respond: Responder = async (request) => {
    if (!request.target.includes("/left-")) return await nameItself(request);
    const { connection } = request;
    busy.add(connection);
    if (moment === "before-head") return;
    // More than the buffers between the server and the client hold.
    const body = largeFile();
    connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
    if (await connection.sendAll(pieces(body))) busy.delete(connection);
    context.log.changed();
  };
  const course = await startCourse(context, { respond });
  const server = course.servers[0] as UpstreamStandIn;
  await expectServer(course, server, "/before", "before anything happens");
  return { course, server, busy };
}

async function leave({ course, server }: Leaving, moment: Moment, path: string): Promise<void> {
  const message = getRequest(course, path);
  const connection = await reach(course, message);
  connection.send(message);
  if (moment === "before-head") {
    await course.context.log.waitFor(() => wasAsked(server, path), REACH_MS);
    return connection.close();
  }
  const begins = await connection.speaks(BEGIN_MS);
  connection.close();
  if (begins) return;
  throw failed(course, "the answer does not begin", {
    sent: message,
    expected: "the first of the answer",
  });
}

/** Sockets of the proxy's processes, as far as they may be seen. */
function socketsOf({ proxy }: Course): number {
  return new Set(proxy.process.tree().flatMap(socketInodes)).size;
}

async function clientLeaves(context: CaseContext, moment: Moment): Promise<string> {
  const leaving = await start(context, moment);
  const { course, server, busy } = leaving;
  const before = socketsOf(course);
  let number = 0;
  const client = async () => {
    while (number < CLIENTS[moment]) await leave(leaving, moment, `/left-${++number}.`);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  const left = () => [...busy].filter(({ ended, closed }) => !ended && !closed);
  // What the proxy closes is not told to the log by the kernel, so its sockets are looked at in turn.
  const timer = setInterval(() => context.log.changed(), 200);
  const more = () => socketsOf(course) - before;
  const isClean = () => left().length === 0 && more() < CLIENTS[moment] / 2;
  const clean = await context.log.waitFor(isClean, CLOSING_MS);
  clearInterval(timer);
  await expectServer(course, server, "/after", "after clients had left", {
    deadlineMs: CLOSING_MS,
  });
  if (clean) return `${more()} sockets more than before`;
  const what = left().length > 0
    ? `${left().length} connections to the server stay open for clients that left`
    : `the proxy holds ${more()} sockets more than before`;
  throw failed(course, what, {
    sent: `${CLIENTS[moment]} times: ${getRequest(course, "/left-1.")}\nand left ${
      moment === "mid-body" ? "when the answer had begun" : "when the server had the request"
    }`,
    expected: `within ${CLOSING_MS / 1000} s no connection is left for them, and the proxy goes on`,
  });
}

export const clientLeavesCases: readonly Case[] = [
  {
    id: `${LEAVES}/mid-body`,
    rule: LEAVES,
    title: "Clients that go away in the middle of a large answer leave nothing behind",
    needs: [FORWARDS],
    timed: true,
    slow: true,
    run: (context) => clientLeaves(context, "mid-body"),
  },
  {
    id: `${LEAVES}/before-head`,
    rule: LEAVES,
    title: "Clients that go away before their answer begins leave nothing behind",
    needs: [FORWARDS],
    timed: true,
    slow: true,
    run: (context) => clientLeaves(context, "before-head"),
  },
];
