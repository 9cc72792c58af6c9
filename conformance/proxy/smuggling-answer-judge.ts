/** Whether an answer that could be read in two ways came through a proxy as one, and to one client. */
import { latin1 } from "../engine/bytes.ts";
import { readRequests, readResponses, statusOf } from "./smuggling-readers.ts";
import type { WireMessage } from "./smuggling-wire.ts";
import { POISON_MARK, PREFACE } from "./smuggling-row.ts";
import type { AnswerRow } from "./smuggling-row.ts";

/** What one client got on its connection. */
export interface SeenAnswer {
  readonly bytes: Uint8Array;
  /** The proxy ended the connection, and did not break it off. */
  readonly ended: boolean;
  /** It ended or broke the connection: nothing more comes on it. */
  readonly over: boolean;
}

export interface SeenOfAnswer {
  /** All bytes of each connection that the proxy opened to the server. */
  readonly upstream: readonly Uint8Array[];
  /** The client whose request the server answered as the row says. */
  readonly victim: SeenAnswer;
  /** What all answers of this proxy can be blamed for, plain ones too. */
  readonly usual?: string | undefined;
}

/** Undefined where all is well, else what is wrong in a sentence. */
export function judgeAnswer(row: AnswerRow, seen: SeenOfAnswer): string | undefined {
  const raw = seen.upstream.map(readRequests).find(({ deviation }) => deviation !== undefined);
  if (raw) return `what the server got is no request: ${raw.deviation}`;
  const text = latin1(seen.victim.bytes);
  const covered = row.readings.some(({ body }) => body.includes(POISON_MARK));
  if (text.includes(POISON_MARK) && !covered) return "the client got what was in no answer to it";
  if (text === "") return undefined;
  // What has no head at all, as in HTTP/0.9, is taken for no answer by anybody.
  if (!/^HTTP\/1\.[01] [1-9]\d\d[ \r\n]/.test(text)) return undefined;
  return judgeClient(row, seen.victim, seen.usual);
}

function judgeClient(row: AnswerRow, { bytes, ended, over }: SeenAnswer, usual?: string) {
  const { bytes: asked = "GET /victim HTTP/1.1\r\n" } = row;
  const [method = ""] = asked.split(" ", 1);
  // Another protocol is refused in any way; that it did not reach the server is all there is to it.
  if (asked.endsWith(PREFACE)) return undefined;
  const { messages, deviation, deviatesAt } = readResponses(bytes, method, ended);
  if (messages.some(({ body }) => body === POISON_MARK)) {
    return "the client got what was in no answer to it";
  }
  if (deviation !== undefined) {
    // Behind an answer that ends with its connection comes nothing that it could be mistaken for.
    if (over || deviation === usual) return undefined;
    return `the client got what can be read in two ways: ${deviation}, after byte ${deviatesAt}`;
  }
  const [answer, ...more] = messages.filter(({ startLine }) => statusOf(startLine) >= 200);
  if (!answer) return undefined;
  if (more.length > 0) return "the client got more than one answer";
  return over ? undefined : judgeMessage(row, answer);
}

function judgeMessage(row: AnswerRow, answer: WireMessage): string | undefined {
  const status = statusOf(answer.startLine);
  if (status >= 500) return undefined;
  // As much of the body as was beyond doubt; that its end shows the fault is rule proxy.proxy.truncated.
  if (row.partial?.startsWith(answer.body)) return undefined;
  if (!answer.whole || answer.framing === "close") {
    const begun = ["", ...row.readings.map(({ body }) => body)];
    if (begun.some((body) => body.startsWith(answer.body))) return undefined;
  }
  const fits = row.readings.some((one) => one.status === status && one.body === answer.body);
  if (fits && answer.whole) return undefined;
  const cut = answer.body.length > 120 ? `${answer.body.slice(0, 120)}...` : answer.body;
  return `the client got ${status} with ${answer.body.length} bytes of body ${JSON.stringify(cut)}`;
}
