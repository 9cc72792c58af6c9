/** Plays a row against a proxy under test, and looks what came of it. */
import { CaseFailure } from "../engine/verdict.ts";
import { sentText } from "./course.ts";
import type { Course } from "./course.ts";
import { RawClient } from "./raw-client.ts";
import { judgeAnswer } from "./smuggling-answer-judge.ts";
import { followUps, hasWhole, warmUp } from "./smuggling-good-requests.ts";
import { finalAnswers, judgeRequest, markOf } from "./smuggling-request-judge.ts";
import { HOST } from "./smuggling-row.ts";
import type { AnswerRow, Forwarded, RequestRow } from "./smuggling-row.ts";
import type { UpstreamRequest } from "./upstream-request.ts";
import type { Responder, UpstreamStandIn } from "./upstream-stand-in.ts";

const VICTIM = "/victim";
const VICTIM_REQUEST = `GET ${VICTIM} HTTP/1.1\r\n${HOST}\r\n\r\n`;

/** For the first sign of an answer, before it is taken that none will come. */
const SIGN_MS = 150;
/** For what comes after an answer that it should not. */
const MORE_MS = 30;
/** For the answer to a row's answer: longer than the limit of 2 s that a proxy has for a server. */
const VICTIM_MS = 4000;
/** For a proxy to close a connection on which something came that it did not ask for. */
const NOTICE_MS = 60;

/** Undefined where all is well. */
export async function playRow(
  course: Course,
  row: RequestRow | AnswerRow,
): Promise<CaseFailure | undefined> {
  try {
    if ("answer" in row) await playAnswer(course, row);
    else await playRequest(course, row);
    return undefined;
  } catch (error) {
    if (error instanceof CaseFailure) return error;
    throw error;
  }
}

async function playRequest(course: Course, row: RequestRow): Promise<void> {
  const { context } = course;
  serverOf(course).respond = responderOf(row);
  const recorded = recordFrom(course);
  const { pace, speaks10 } = await warmUp(course);
  const client = await RawClient.open(course);
  context.log.add("suite", `sends ${row.bytes.length} bytes: ${row.title}`);
  if (row.byteByByte) await client.sendByteByByte(row.bytes);
  else client.send(row.bytes);
  const due = Math.max(1, ...row.readings.map(({ length }) => length));
  const settled = () => client.closed || finalAnswers(client.bytes) >= due;
  if (await context.log.waitFor(settled, pace(SIGN_MS))) {
    await context.log.waitFor(() => client.closed, pace(MORE_MS));
  }
  context.log.add("suite", "says that it sends no more");
  client.end();
  await context.log.waitFor(() => client.closed, pace(SIGN_MS));
  client.close();
  const others = await followUps(course);
  const upstream = recorded();
  const wrong = judgeRequest(row, { upstream, client: client.bytes, speaks10 }) ?? others;
  if (wrong) throw failure(course, row, { sent: row.bytes, client, upstream, wrong });
}

async function playAnswer(course: Course, row: AnswerRow): Promise<void> {
  const { context } = course;
  const hostile: UpstreamRequest[] = [];
  serverOf(course).respond = (request) => {
    if (request.target !== VICTIM) return answerMarked(request);
    hostile.push(request);
    request.connection.send(row.answer);
    if (row.closes) request.connection.end();
  };
  const recorded = recordFrom(course);
  const { pace, usual } = await warmUp(course);
  const client = await RawClient.open(course);
  const bytes = row.bytes ?? VICTIM_REQUEST;
  client.send(bytes);
  const method = bytes.startsWith("HEAD") ? "HEAD" : "GET";
  // Where nobody knows what follows, all depends on whether the proxy ends the connection.
  const settled = () => client.closed || hasWhole(client.bytes, method);
  if (await context.log.waitFor(settled, VICTIM_MS)) {
    await context.log.waitFor(() => client.closed, pace(MORE_MS));
  }
  if (row.late) await sendLate(course, hostile, row.late);
  // As the proxy has left it; what comes of our own close says nothing.
  const over = client.closed;
  const ended = over && !client.broken;
  client.close();
  const others = await followUps(course);
  const victim = { bytes: client.bytes, ended, over };
  const upstream = recorded();
  const wrong = judgeAnswer(row, { upstream, victim, usual }) ?? others;
  if (!wrong) return;
  const sent = `${bytes}--- and the server answered:\n${row.answer}`;
  throw failure(course, row, { sent, client, upstream, wrong });
}

function responderOf(row: RequestRow): Responder {
  return async (request) => {
    const offered = request.fields.some(({ name }) => name.toLowerCase() === "upgrade");
    if (row.upgrades && offered) {
      request.connection.send(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
      );
      return;
    }
    if (!row.answersEarly && !await request.whole) return;
    // A server that is asked for a tunnel has none.
    const status = request.method === "CONNECT" ? "405 Method Not Allowed" : "200 OK";
    answerMarked(request, status);
  };
}

function answerMarked(request: UpstreamRequest, status = "200 OK"): void {
  const body = markOf(request.method, request.target);
  request.answer({ status, fields: ["Content-Type: text/plain"], body });
}

async function sendLate(course: Course, hostile: readonly UpstreamRequest[], late: string) {
  const connection = hostile.at(-1)?.connection;
  if (!connection || connection.ended) return;
  course.context.log.add("suite", "the server sends an answer that nobody asked for");
  connection.send(late);
  await course.context.log.waitFor(() => connection.ended !== undefined, NOTICE_MS);
}

function serverOf({ servers }: Course): UpstreamStandIn {
  return servers[0] as UpstreamStandIn;
}

/** What comes from here on, by connection: a row's own bytes, and not those of rows before it. */
function recordFrom(course: Course): () => Uint8Array[] {
  const { connections } = serverOf(course);
  const before = connections.map(({ raw }) => raw.bytes.length);
  return () =>
    connections.map(({ raw }, i) => raw.bytes.subarray(before[i] ?? 0))
      .filter((bytes) => bytes.length > 0);
}

function expectedOf(row: RequestRow | AnswerRow): string {
  const refusal = "answer" in row
    ? "502 or the like from the proxy itself, or the connection closed"
    : "a 4xx or 5xx from the proxy itself, or no answer, and nothing of it at the server";
  const readings = "answer" in row
    ? row.readings.map(({ status, body }) => `the client gets ${status}${bodyText(body)}`)
    : row.readings.map((messages) =>
      `the server gets ${messages.map(messageText).join(", then ")}`
    );
  return [row.source, refusal, ...readings.map((text) => `or: ${text}`)].join("\n");
}

function messageText({ method, target, body = "" }: Forwarded): string {
  const path = typeof target === "string" ? target : `a target like ${target.source}`;
  return `${method} ${path}${bodyText(body)}`;
}

function bodyText(body: string): string {
  if (body === "") return " without a body";
  return ` with the body ${JSON.stringify(body.length > 200 ? `${body.slice(0, 200)}...` : body)}`;
}

interface Evidence {
  readonly sent: string;
  readonly client: RawClient;
  readonly upstream: readonly Uint8Array[];
  readonly wrong: string;
}

function failure(
  course: Course,
  row: RequestRow | AnswerRow,
  { sent, client, upstream, wrong }: Evidence,
): Error {
  const server = upstream.map((raw, i) =>
    `--- the server got on connection ${i + 1}:\n${sentText(raw)}`
  );
  return course.context.failure(`${row.title}: ${wrong}`, {
    sent: sentText(sent),
    expected: expectedOf(row),
    actual: [
      `--- the client got ("[answer to ...]" is the server's):\n${sentText(client.bytes)}`,
      ...server,
      `--- the log:\n${course.context.log}`,
    ].join("\n"),
  });
}
