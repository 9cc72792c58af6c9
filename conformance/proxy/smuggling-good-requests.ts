/** Requests beyond doubt, before and after a row: the proxy has to serve them as ever. */
import { escapeMessage, latin1 } from "../engine/bytes.ts";
import type { Course } from "./course.ts";
import { RawClient } from "./raw-client.ts";
import { readResponses, statusOf } from "./smuggling-readers.ts";
import { GOOD, markOf } from "./smuggling-request-judge.ts";
import { HOST } from "./smuggling-row.ts";

/** For an answer to one of them. */
const GOOD_MS = 10_000;

/** What is waited for is more where the proxy, or the machine, is slow. */
export type Pace = (milliseconds: number) => number;

/** What a request beyond doubt showed of the proxy. */
export interface Warm {
  readonly pace: Pace;
  readonly speaks10: boolean;
  readonly usual: string | undefined;
}

/** A request beyond doubt: it shows how fast the proxy is, and leaves it a connection to use again. */
export async function warmUp(course: Course): Promise<Warm> {
  const began = performance.now();
  const { text, problem, usual } = await goodRequest(course, 1);
  if (problem) {
    throw course.context.failure(`before anything odd: ${problem}`, {
      sent: goodText(1),
      expected: markOf("GET", `${GOOD}1`),
      actual: `${text}\n--- the log:\n${course.context.log}`,
    });
  }
  const tookMs = performance.now() - began;
  return {
    pace: (milliseconds) => milliseconds + Math.min(5 * tookMs, 1000),
    speaks10: text.startsWith("HTTP/1.0"),
    usual,
  };
}

/** Other clients ask after the row; what is wrong with what they get. */
export async function followUps(course: Course): Promise<string | undefined> {
  let last: string | undefined;
  // The first may meet a connection to the server that is spent; the last has no excuse.
  for (const number of [2, 3, 4]) {
    const { text, problem } = await goodRequest(course, number);
    last = problem && `then another client's request: ${problem}`;
    const status = statusOf(text.split(/\r?\n/, 1)[0] ?? "");
    if (problem && text !== "" && status < 500) return last;
    if (!problem && number >= 3) return undefined;
  }
  return last;
}

function goodText(number: number): string {
  return `GET ${GOOD}${number} HTTP/1.1\r\n${HOST}\r\nConnection: close\r\n\r\n`;
}

interface GoodAnswer {
  /** All that came, Latin-1. */
  readonly text: string;
  /** It is not what it has to be. */
  readonly problem?: string;
  /** How it departs from what RFC 9112 lets a sender write. */
  readonly usual?: string | undefined;
}

/** On a connection of its own. */
async function goodRequest(course: Course, number: number): Promise<GoodAnswer> {
  const { log } = course.context;
  const target = `${GOOD}${number}`;
  let client: RawClient;
  try {
    client = await RawClient.open(course);
  } catch (error) {
    return { text: "", problem: `the proxy cannot be reached: ${(error as Error).message}` };
  }
  client.send(goodText(number));
  const mark = markOf("GET", target);
  const answered = () =>
    client.closed || latin1(client.bytes).includes(mark) || hasWhole(client.bytes, "GET");
  const inTime = await log.waitFor(answered, GOOD_MS);
  client.close();
  const text = latin1(client.bytes);
  const usual = readResponses(client.bytes, "GET", true).deviation;
  // How it is framed is judged elsewhere; whose answer it is, here.
  const marks = text.match(/\[answer to [^\]]*\]|\[poison\]/g) ?? [];
  const right = /^HTTP\/1\.\d 200/.test(text) && marks.length === 1 && marks[0] === mark;
  if (right) return { text, usual };
  if (text === "") {
    const how = inTime ? "closed the connection" : `was silent for ${GOOD_MS / 1000} s`;
    return { text, problem: `GET ${target} got no answer: the proxy ${how}` };
  }
  const start = escapeMessage(client.bytes.subarray(0, 400));
  return { text, problem: `GET ${target} got what is not its answer:\n${start}` };
}

/** A final answer has come to its end. */
export function hasWhole(bytes: Uint8Array, method: string): boolean {
  const { messages } = readResponses(bytes, method, false);
  return messages.some(({ startLine, whole }) => whole && statusOf(startLine) >= 200);
}
