/** A balancer under test with stand-in servers behind it: what the balancer's cases share. */
import { setTimeout as delay } from "node:timers/promises";
import type { CaseContext, Launched, LaunchOptions } from "../engine/run/context.ts";
import type { HttpStandIn, StandInRequest } from "../engine/stand-in/http-stand-in.ts";
import { exchange } from "../engine/wire/connection.ts";
import type { ReceivedMessage } from "../engine/wire/received.ts";
import { CaseBlocked } from "../engine/verdict.ts";
import { fieldValue } from "../../src/http1/mod.ts";

/** How a stand-in server paces its answers, in milliseconds. */
export interface Pace {
  /** From the request to the head. */
  headMs: number;
  /** From the head to the end of the body. */
  bodyMs: number;
}

export const INSTANT: Pace = { headMs: 0, bodyMs: 0 };

/**
 * Fast, middle, slow: each at least three times the one before, so that a busy machine does not
 * change their order. As text they sort the other way round, which finds a string sort.
 */
export const SPEEDS_MS = [60, 200, 1000] as const;

const BODY = "<html><body>a stand-in's test file</body></html>\n".repeat(20);

/** A server of the suite's; its pace may be changed while it runs. */
export interface Server {
  readonly standIn: HttpStandIn;
  readonly pace: Pace;
}

export async function startServers(
  context: CaseContext,
  paces: readonly (Pace | number)[],
): Promise<Server[]> {
  return await Promise.all(paces.map(async (given, i) => {
    const pace = typeof given === "number" ? { headMs: given, bodyMs: 0 } : { ...given };
    const standIn = await context.standIn({
      name: `server ${String.fromCharCode(65 + i)}`,
      respond: (request) => answerPaced(request, pace),
    });
    return { standIn, pace };
  }));
}

/** Any path is found: nobody knows the name of a balancer's test file. */
async function answerPaced(request: StandInRequest, pace: Pace): Promise<void> {
  const { connection } = request;
  if (pace.headMs > 0) await delay(pace.headMs);
  const body = request.method === "HEAD" ? "" : BODY;
  const head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" +
    `Content-Length: ${BODY.length}\r\nConnection: close\r\n\r\n`;
  if (pace.bodyMs === 0) connection.send(head + body);
  else {
    connection.send(head + body.slice(0, 10));
    await delay(pace.bodyMs);
    connection.send(body.slice(10));
  }
  connection.end();
}

/** Where the servers and a balancer over them stand. */
export interface Course {
  readonly context: CaseContext;
  readonly servers: readonly Server[];
  /** All that the balancer was given: the servers, dead ones too, in its order. */
  readonly listed: readonly string[];
  readonly balancer: Launched;
}

/** Starts a balancer over the servers and further addresses. */
export async function startCourse(
  context: CaseContext,
  servers: readonly Server[],
  options: Partial<LaunchOptions> & { readonly listed?: readonly string[] } = {},
): Promise<Course> {
  const listed = options.listed ?? servers.map(({ standIn }) => standIn.address);
  const balancer = await context.launch("balancer", {
    ...options,
    values: { servers: [...listed] },
  });
  return { context, servers, listed, balancer };
}

/** One answer of the balancer's, as far as choosing a server goes. */
export interface Choice {
  /** The place of the server among those listed; -1 where the answer names none of them. */
  readonly index: number;
  /** It names an address, though none of those listed. */
  readonly elsewhere: boolean;
  readonly answer: ReceivedMessage;
}

const ANSWER_MS = 15_000;
/** Patience with an answer whose end cannot be known: enough for what was sent with its head. */
const ODD_END_MS = 60;

export function requestFor(course: Course, path = "/page.html"): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${course.balancer.address}\r\nConnection: close\r\n\r\n`;
}

/** Asks once; throws a CaseFailure where no answer comes at all. */
export async function askOnce(course: Course, deadlineMs = ANSWER_MS): Promise<Choice> {
  const { context, balancer } = course;
  const message = requestFor(course);
  const patience = { deadlineMs, silenceMs: ODD_END_MS };
  let answer: ReceivedMessage;
  try {
    answer = await exchange(balancer.host, balancer.port, message, patience)
      // Some listen at another port after a test of their servers.
      .catch(async () => {
        return await exchange(balancer.host, await balancer.findAgain(), message, patience);
      });
  } catch (error) {
    throw context.failure(`the balancer cannot be reached: ${(error as Error).message}`, {
      sent: message,
      expected: "an answer",
      actual: (error as Error).message,
    });
  }
  if (answer.startLine === undefined) {
    throw context.failure(`no answer: ${answer.problem}`, {
      sent: message,
      expected: `an answer within ${deadlineMs / 1000} s`,
      actual: `${answer.problem}\n--- the log:\n${context.log}`,
    });
  }
  const index = listedIndex(course, answer);
  const elsewhere = index < 0 && fieldValue(answer.fields, "location") !== undefined;
  return { index, elsewhere, answer };
}

function listedIndex(course: Course, answer: ReceivedMessage): number {
  const location = fieldValue(answer.fields, "location") ?? "";
  const authority = /^\s*https?:\/\/\s*([^/?#\s]+)/i.exec(location)?.[1] ?? "";
  const plain = authority.replace(/^localhost(?=:|$)/i, "127.0.0.1");
  return course.listed.indexOf(plain);
}

/** So many wrong answers in a row from the start are no chance. */
const FIRST_ANSWERS = 20;

/** Asks many times, over a few connections at once, and counts who was named. */
export async function askMany(course: Course, times: number, atOnce = 4): Promise<Tally> {
  const sequence: number[] = [];
  let elsewhere = 0;
  let left = times;
  const worker = async () => {
    while (left-- > 0) {
      const choice = await askOnce(course);
      sequence.push(choice.index);
      if (choice.elsewhere) elsewhere++;
      // A Location that is always wrong is the fault of one rule, and hides which server was meant.
      if (elsewhere === FIRST_ANSWERS && sequence.length === elsewhere) {
        throw new CaseBlocked(
          "judged only when redirect.balancer.location holds: every answer names an address that is none of those listed",
        );
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return tally(course, sequence);
}

export interface Tally {
  readonly sequence: readonly number[];
  /** By the order of the list given to the balancer. */
  readonly counts: readonly number[];
  /** Answers that name no listed server. */
  readonly others: number;
}

function tally(course: Course, sequence: readonly number[]): Tally {
  const counts = course.listed.map((_, i) => sequence.filter((index) => index === i).length);
  return { sequence, counts, others: sequence.filter((index) => index < 0).length };
}

/** `server A (127.0.0.1:20001, answers in 60 ms): 512 of 1000`, a line each. */
export function countsText(course: Course, { counts, others, sequence }: Tally): string {
  const lines = course.listed.map((address, i) =>
    `${describe(course, address)}: ${counts[i]} of ${sequence.length}`
  );
  if (others > 0) lines.push(`no listed server: ${others} of ${sequence.length}`);
  return lines.join("\n");
}

export function describe(course: Course, address: string): string {
  const server = course.servers.find(({ standIn }) => standIn.address === address);
  if (!server) return `${address} (nothing listens there)`;
  const { headMs, bodyMs } = server.pace;
  const body = bodyMs > 0 ? ` to the head, ${bodyMs} ms more to the end` : "";
  return `${server.standIn.name} (${address}, ${headMs} ms${body})`;
}

/** What a case says that it did. */
export function sentText(course: Course, did: string): string {
  const list = course.listed.map((address) => `  ${describe(course, address)}`).join("\n");
  return `started the balancer with\n${list}\n${did}`;
}

/** Probes seen at a server: its clients are told of it but never come, so each request is one. */
export function probes(server: Server): number {
  return server.standIn.requests.length;
}

/**
 * Waits until each of the servers has been probed so many more times; false when the balancer's
 * interval has passed well over without it.
 */
export function moreProbes(
  course: Course,
  servers: readonly Server[],
  rounds: number,
): Promise<boolean> {
  const before = servers.map(probes);
  const reached = () =>
    servers.every((server, i) => probes(server) >= (before[i] as number) + rounds);
  return course.context.log.waitFor(reached, course.balancer.roundMs * rounds);
}

/** A shuffled copy: the order of a list must not be the order of speed. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}
