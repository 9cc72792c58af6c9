/** Whether a request that could be read in two ways came through a proxy as one. */
import { escapeBody, latin1 } from "../engine/bytes.ts";
import { readRequests, readResponses, statusOf } from "./smuggling-readers.ts";
import type { WireMessage } from "./smuggling-wire.ts";
import { posted } from "./smuggling-row.ts";
import type { Forwarded, RequestRow } from "./smuggling-row.ts";

/** The requests that are beyond doubt, before and after the one of the row. */
export const GOOD = "/good-";

export interface SeenOfRequest {
  /** All bytes of each connection that the proxy opened to the server. */
  readonly upstream: readonly Uint8Array[];
  /** All that the client of the row's request got. */
  readonly client: Uint8Array;
  /** The proxy answers in HTTP/1.0, so that chunks are nothing to it. */
  readonly speaks10: boolean;
}

/** What an answer of the suite's server says: which request it is the answer to. */
export function markOf(method: string, target: string): string {
  return `[answer to ${method} ${target.slice(0, 100)}]`;
}

/** Undefined where all is well, else what is wrong in a sentence. */
export function judgeRequest(row: RequestRow, seen: SeenOfRequest): string | undefined {
  const messages: WireMessage[] = [];
  for (const [i, raw] of seen.upstream.entries()) {
    const reading = readRequests(raw);
    messages.push(...reading.messages);
    if (reading.deviation !== undefined) {
      return `the server got what can be read in two ways: ${reading.deviation}, ` +
        `after byte ${reading.deviatesAt} of connection ${i + 1}`;
    }
  }
  const ofRow = messages.filter((message) => !isGood(message));
  return judgeForwarded(row, ofRow, seen.speaks10) ?? judgeAnswers(row, ofRow, seen.client);
}

function isGood({ startLine, body, whole }: WireMessage): boolean {
  return startLine.startsWith(`GET ${GOOD}`) && body === "" && whole;
}

function judgeForwarded(row: RequestRow, messages: readonly WireMessage[], speaks10: boolean) {
  const readings = [...row.readings, ...(speaks10 ? readingByLength(row) : [])];
  const swallowed = messages.find(({ body }) => body.includes(GOOD));
  if (swallowed) {
    return `another client's request became part of a body: ${describe(swallowed)}`;
  }
  const whole = messages.filter((message) => message.whole);
  if (readings.some((reading) => fits(whole, reading))) return undefined;
  const hidden = messages.find(({ startLine }) => startLine.includes("/smuggled"));
  if (hidden) return `the server got the hidden request: ${describe(hidden)}`;
  if (whole.length === 0) return undefined;
  if (readings.length === 0) {
    return `a message without a safe meaning was forwarded: ${whole.map(describe).join(", ")}`;
  }
  return `the server got another message: ${whole.map(describe).join(", ")}`;
}

/**
 * Transfer-Encoding came with HTTP/1.1, so a recipient that speaks HTTP/1.0 does not know it: RFC
 * 9112, section 6.1. To it the one length, or none, is all there is.
 */
function readingByLength({ bytes }: RequestRow): (readonly Forwarded[])[] {
  const end = bytes.indexOf("\r\n\r\n");
  const head = bytes.slice(0, end);
  if (end < 0 || !/^transfer-encoding/im.test(head)) return [];
  const lengths = [...head.matchAll(/^content-length:[\t ]*(.*?)[\t ]*\r?$/gim)];
  if (lengths.length > 1 || lengths.some(([, value]) => !/^\d+$/.test(value as string))) return [];
  const body = bytes.slice(end + 4).slice(0, Number(lengths[0]?.[1] ?? 0));
  return [[posted(body)]];
}

/** Each message is one of the reading's, and no two are the same one. */
function fits(messages: readonly WireMessage[], reading: readonly Forwarded[]): boolean {
  if (messages.length === 0) return false;
  const left = [...reading];
  return messages.every((message) => {
    const at = left.findIndex((expected) => isThis(message, expected));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

function isThis({ startLine, body }: WireMessage, expected: Forwarded): boolean {
  const [method, target = ""] = startLine.split(" ");
  if (method !== expected.method) return false;
  const sameTarget = typeof expected.target === "string"
    ? target === expected.target
    : expected.target.test(target);
  // What a GET carries means nothing; a body that is lost whole, with its length, is rule proxy.proxy.post.
  return sameTarget && (body === (expected.body ?? "") || body === "");
}

function judgeAnswers(row: RequestRow, messages: readonly WireMessage[], client: Uint8Array) {
  const marks = latin1(client).match(/\[answer to [^\]]*\]/g) ?? [];
  const due = messages.map(({ startLine }) => {
    const [method = "", target = ""] = startLine.split(" ");
    return markOf(method, target);
  });
  for (const mark of marks) {
    const at = due.indexOf(mark);
    if (at < 0) return `the client got an answer that was for nobody's request of its own: ${mark}`;
    due.splice(at, 1);
  }
  const answers = finalAnswers(client);
  // One more, to refuse what follows the last message.
  const most = Math.max(1, ...row.readings.map(({ length }) => length)) + 1;
  if (answers <= most) return undefined;
  return `the client got ${answers} answers, where ${most} are the most there can be`;
}

/** Answers other than 1xx. */
export function finalAnswers(client: Uint8Array): number {
  const { messages } = readResponses(client, "GET", true);
  return messages.filter(({ startLine }) => statusOf(startLine) >= 200).length;
}

function describe({ startLine, body, whole }: WireMessage): string {
  const cut = body.length > 120 ? `${body.slice(0, 120)}...` : body;
  const text = escapeBody(new TextEncoder().encode(cut)).replaceAll("\n", "\\x0a");
  const end = whole ? "" : ", not whole";
  return `"${startLine.slice(0, 120)}" with ${body.length} bytes of body "${text}"${end}`;
}
