/** What the cases on steering and on broken servers ask a proxy, and what they take for an answer. */
import { setTimeout as delay } from "node:timers/promises";
import type { ReceivedMessage } from "../engine/wire/received.ts";
import { askAnything, failed, getRequest, lastWords, select } from "./course.ts";
import type { Asking, Course } from "./course.ts";
import { endProblem } from "./play-golden.ts";
import type { Writing } from "./state-file.ts";
import type { UpstreamStandIn } from "./upstream-stand-in.ts";

/** The ground of all others: where nothing passes, nothing is steered. */
export const FORWARDS = "proxy.proxy.forwards";

/** What says that a server gave no answer. */
export const GATEWAY_STATUSES: readonly number[] = [502, 503, 504];

/** A new file counts after 1 s, and a machine that is busy gets a little more. */
export const CHANGE_MS = 1100;

/** Has the file name a server, and gives the proxy its time. */
export async function steer(
  course: Course,
  to: UpstreamStandIn | string,
  writing?: Writing,
): Promise<void> {
  select(course, to, writing);
  await delay(CHANGE_MS);
}

export interface Answered {
  readonly answer: ReceivedMessage;
  /** Milliseconds from the request to the end of the answer. */
  readonly tookMs: number;
}

export async function askTimed(
  course: Course,
  path: string,
  asking: Asking = {},
): Promise<Answered> {
  const beganMs = performance.now();
  const answer = await askAnything(course, getRequest(course, path), asking);
  const tookMs = performance.now() - beganMs;
  await lastWords(answer);
  return { answer, tookMs };
}

/** Whether the server was asked for a path; each case has a path of its own for each request. */
export function wasAsked({ requests }: UpstreamStandIn, path: string): boolean {
  return requests.some(({ target }) => target.endsWith(path));
}

/**
 * Asks, and fails unless this server was asked and its answer came.
 *
 * @param when Said in the failure, `after the file named B`.
 */
export async function expectServer(
  course: Course,
  server: UpstreamStandIn,
  path: string,
  when: string,
  asking: Asking = {},
): Promise<void> {
  const { answer } = await askTimed(course, path, asking);
  expectAnswerOf(course, server, path, when, answer);
}

/** Fails unless this server was asked and the answer is its own. */
export function expectAnswerOf(
  course: Course,
  server: UpstreamStandIn,
  path: string,
  when: string,
  answer: ReceivedMessage,
): void {
  if (answer.status === 200 && wasAsked(server, path)) return;
  const asked = course.servers.filter((one) => wasAsked(one, path)).map(({ name }) => name);
  const came = answer.startLine ?? answer.problem ?? "nothing";
  const what = asked.length === 0 ? "no server was asked" : `${asked.join(" and ")} was asked`;
  throw failed(course, `${when} ${what}, and the answer is: ${came.trim()}`, {
    sent: getRequest(course, path),
    expected: `the answer of ${server.name}`,
    answer,
  });
}

/** Fails unless an answer says within so many milliseconds that the server gave none. */
export function expectGateway(
  course: Course,
  path: string,
  { answer, tookMs }: Answered,
  limit: {
    readonly ms: number;
    readonly statuses?: readonly number[];
    /** What a proxy does for it, told after what is expected. */
    readonly by?: string;
  },
): void {
  const statuses = limit.statuses ?? GATEWAY_STATUSES;
  const took = `${(tookMs / 1000).toFixed(1)} s`;
  const problem = answer.startLine === undefined
    ? `there is no answer: ${answer.problem}, after ${took}`
    : !statuses.includes(answer.status)
    ? `the answer is ${answer.startLine.trim()}`
    : answer.end === "silence"
    ? `the answer is ${answer.startLine.trim()}: ${endProblem(answer)}`
    : tookMs > limit.ms
    ? `the answer took ${took}`
    : undefined;
  if (!problem) return;
  throw failed(course, problem, {
    sent: getRequest(course, path),
    expected: `${statuses.join(" or ")} within ${limit.ms / 1000} s${limit.by ?? ""}`,
    answer,
  });
}
