/** Cases of proxy.proxy.concurrent: many clients at once, and one slow answer among quick ones. */
import { latin1 } from "../engine/bytes.ts";
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { failed, getRequest, nameItself, startCourse } from "./course.ts";
import { heldUp } from "./held-up.ts";
import { askTimed, FORWARDS, GATEWAY_STATUSES, wasAsked } from "./steering-asks.ts";
import type { Responder, UpstreamStandIn } from "./upstream-stand-in.ts";

const CONCURRENT = "proxy.proxy.concurrent";
const CLIENTS = 50;
const EACH = 10;
/**
 * The servers are the suite's: where the machine is so busy that these are late, a right proxy says
 * 504. One that fifty clients are too many for says so again and again.
 */
const TRIES = 3;

/** What the answer to a request says, so that a client that gets another's can tell. */
const ownText = (target: string) => `the answer to ${target}\n`;

const nameRequest: Responder = async (request) => {
  if (!await request.whole) return;
  const { target } = request;
  request.answer({ fields: ["Content-Type: text/plain"], body: ownText(target) });
};

async function fiftyClients(context: CaseContext): Promise<void> {
  const course = await startCourse(context, { respond: nameRequest });
  const [server] = course.servers as [UpstreamStandIn];
  const client = async (number: number) => {
    for (let i = 1; i <= EACH; i++) {
      let path = `/client-${number}-request-${i}.`;
      let { answer, tookMs } = await askTimed(course, path);
      for (let more = 2; more <= TRIES && GATEWAY_STATUSES.includes(answer.status); more++) {
        path = `/client-${number}-request-${i}-again-${more}.`;
        ({ answer, tookMs } = await askTimed(course, path));
      }
      const asked = answer.status === 200 && wasAsked(server, path);
      const text = latin1(answer.body);
      if (asked && text.endsWith(`${path}\n`)) continue;
      const came = answer.startLine?.trim() ?? `none: ${answer.problem}`;
      const which = asked ? `not its own: ${JSON.stringify(text.slice(0, 100))}` : came;
      throw failed(course, `after ${(tookMs / 1000).toFixed(1)} s the answer is ${which}`, {
        sent: `${CLIENTS} clients at once, ${EACH} requests each; this is one\n` +
          getRequest(course, path),
        expected: `each is answered by the server, here: ${ownText(path)}`,
        answer,
      });
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(i + 1)));
}

async function oneSlow(context: CaseContext): Promise<void> {
  const path = "/slow";
  let release = () => {};
  const released = new Promise<void>((done) => release = done);
  const course = await startCourse(context, {
    respond: async (request) => {
      if (request.target.endsWith(path)) await released;
      await nameItself(request);
    },
  });
  await heldUp(course, path, release);
}

export const concurrentCases: readonly Case[] = [
  {
    id: `${CONCURRENT}/fifty-clients`,
    rule: CONCURRENT,
    title: "50 clients at once are all answered, 500 requests in all",
    needs: [FORWARDS],
    timed: true,
    run: fiftyClients,
  },
  {
    id: `${CONCURRENT}/one-slow`,
    rule: CONCURRENT,
    title: "One slow answer of the server does not stop the others",
    needs: [FORWARDS],
    timed: true,
    run: oneSlow,
  },
];
