/** Cases of proxy.proxy.follows-file and new-address: which server is asked when the file says so. */
import { fieldValues } from "../../src/http1/mod.ts";
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import type { ReceivedMessage } from "../engine/wire/received.ts";
import { failed, getRequest, reach, startCourse, startServer } from "./course.ts";
import type { Writing } from "./state-file.ts";
import { askTimed, expectAnswerOf, expectServer, FORWARDS, steer } from "./steering-asks.ts";
import type { UpstreamStandIn } from "./upstream-stand-in.ts";

const FOLLOWS = "proxy.proxy.follows-file";
const NEW = "proxy.proxy.new-address";

/** For an answer on a kept connection: far longer than any limit that a proxy has. */
const KEPT_MS = 8000;
const BEFORE = "/before";

async function startTwo(context: CaseContext) {
  const course = await startCourse(context);
  const [first, second] = course.servers as [UpstreamStandIn, UpstreamStandIn];
  await expectServer(course, first, BEFORE, "with the file that was there at the start");
  return { course, first, second };
}

async function follows(context: CaseContext, writing: Writing): Promise<void> {
  const { course, first, second } = await startTwo(context);
  await steer(course, second, writing);
  const when = `after the file named ${second.name}`;
  for (const path of ["/after", "/again"]) await expectServer(course, second, path, when);
  // No answer that came before may be used again: none of them says that it may.
  await expectServer(
    course,
    second,
    BEFORE,
    `${when}, for a path that ${first.name} had answered,`,
  );
}

const TURNS = 5;

async function backAndForth(context: CaseContext): Promise<void> {
  const { course, first, second } = await startTwo(context);
  for (let turn = 1; turn <= TURNS; turn++) {
    const server = turn % 2 === 0 ? first : second;
    // Both ways of writing, as programs have them.
    await steer(course, server, { how: turn % 3 === 0 ? "in-place" : "rename" });
    await expectServer(course, server, `/turn-${turn}`, `after change ${turn}`);
  }
}

/** By HTTP/1.1 the client may use the connection again: RFC 9112, section 9.3. */
function isKept({ startLine, fields, end }: ReceivedMessage): boolean {
  const options = fieldValues(fields, "connection").join(",");
  return startLine?.startsWith("HTTP/1.1") === true && !/\bclose\b/i.test(options) &&
    (end === "length" || end === "chunked");
}

/**
 * On one connection of the client, as far as the proxy keeps it: one that is closed when a request is
 * on its way takes it along, and a client asks again.
 */
async function keptAlive(context: CaseContext): Promise<string> {
  const { course, first, second } = await startTwo(context);
  let on = await reach(course);
  let connections = 1;
  let kept = false;
  for (const [i, server] of [first, second, first, second].entries()) {
    if (i > 0) await steer(course, server);
    let path = `/kept-${i}`;
    let { answer } = await askTimed(course, path, { on, deadlineMs: KEPT_MS });
    if (kept && answer.startLine === undefined && answer.end === "silence") {
      throw failed(course, "on a connection that it keeps open, the proxy answers no more", {
        sent: `${getRequest(course, path)}--- on the connection of the answer before it`,
        expected: "an answer; or, in the answer before it, Connection: close",
        answer,
      });
    }
    if (answer.startLine === undefined) {
      on = await reach(course);
      connections++;
      path = `/asked-again-${i}`;
      ({ answer } = await askTimed(course, path, { on, deadlineMs: KEPT_MS }));
    }
    kept = isKept(answer);
    expectAnswerOf(course, server, path, `on a kept connection, after change ${i}`, answer);
  }
  return connections === 1
    ? "on one connection"
    : `over ${connections} connections: it closes them`;
}

async function newAddress(context: CaseContext): Promise<void> {
  const { course, first } = await startTwo(context);
  // It joins when the proxy runs.
  const third = await startServer(context, "server C, not listed");
  const all = { ...course, servers: [...course.servers, third] };
  await steer(all, third);
  await expectServer(all, third, "/third", `after the file named ${third.name}`);
  await expectServer(all, third, "/third-again", `after the file named ${third.name}`);
  await steer(all, first);
  await expectServer(all, first, "/back", `after the file named ${first.name}`);
}

const WRITINGS: readonly (readonly [name: string, title: string, writing: Writing])[] = [
  ["renamed", "put in its place by a rename", { how: "rename" }],
  ["in-place", "rewritten in place", { how: "in-place" }],
  ["no-newline", "rewritten in place without a line feed", { how: "in-place", newline: false }],
];

export const followsFileCases: readonly Case[] = [
  ...WRITINGS.map(([name, title, writing]): Case => ({
    id: `${FOLLOWS}/${name}`,
    rule: FOLLOWS,
    title: `Requests follow a state file that is ${title}`,
    needs: [FORWARDS],
    timed: true,
    run: (context) => follows(context, writing),
  })),
  {
    id: `${FOLLOWS}/back-and-forth`,
    rule: FOLLOWS,
    title: "Requests follow the state file back and forth, five times",
    needs: [FORWARDS],
    timed: true,
    slow: true,
    run: backAndForth,
  },
  {
    id: `${FOLLOWS}/kept-alive`,
    rule: FOLLOWS,
    title: "Requests on a connection that the client keeps follow the state file too",
    needs: [FORWARDS],
    timed: true,
    slow: true,
    run: keptAlive,
  },
  {
    id: `${NEW}/not-listed`,
    rule: NEW,
    title: "A server that was never listed is asked when the state file names it",
    needs: [FORWARDS, FOLLOWS],
    timed: true,
    run: newAddress,
  },
];
