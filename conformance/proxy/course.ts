/** A proxy under test with servers behind it and a state file beside it: what its cases share. */
import { setTimeout as delay } from "node:timers/promises";
import type { CaseContext, Launched, LaunchOptions } from "../engine/run/context.ts";
import { bytesOf, escapeMessage } from "../engine/bytes.ts";
import { actualText } from "../engine/golden/ask.ts";
import { Connection } from "../engine/wire/connection.ts";
import type { ReceivedMessage } from "../engine/wire/received.ts";
import { StateFile } from "./state-file.ts";
import type { Writing } from "./state-file.ts";
import { statePathFor } from "./state-path.ts";
import { UpstreamStandIn } from "./upstream-stand-in.ts";
import type { Responder } from "./upstream-stand-in.ts";

/** Where the servers and the proxy in front of them stand. */
export interface Course {
  readonly context: CaseContext;
  readonly servers: readonly UpstreamStandIn[];
  readonly state: StateFile;
  readonly proxy: Launched;
}

export interface CourseOptions {
  /** How many servers there are; 2 by default, `server A` and `server B`. */
  readonly servers?: number;
  /** How all of them answer at first; by default 200 with a text that names the server. */
  readonly respond?: Responder;
  /** What the state file says at the start: a server by its index (0 by default), a content, or no file. */
  readonly selected?: number | { readonly content: string } | "no file";
  /** {servers}; by default the addresses of the servers that there are. */
  readonly listed?: readonly string[];
  readonly launch?: Partial<LaunchOptions>;
}

/** Starts the servers, writes the file, and starts the proxy; the file is there before it. */
export async function startCourse(
  context: CaseContext,
  options: CourseOptions = {},
): Promise<Course> {
  const path = statePathFor(context, ["proxy"]);
  const servers = await startServers(context, options.servers ?? 2, options.respond);
  const state = new StateFile(path, context.log);
  const { selected = 0 } = options;
  if (typeof selected === "number") state.select((servers[selected] as UpstreamStandIn).address);
  else if (selected !== "no file") state.write(selected.content);
  const listed = options.listed ?? servers.map(({ address }) => address);
  const proxy = await context.launch("proxy", {
    ...options.launch,
    values: { state: path, servers: [...listed] },
  });
  return { context, servers, state, proxy };
}

/** The same servers and file with a proxy that is started anew in place of the one before. */
export async function restartProxy(course: Course): Promise<Course> {
  const { context, proxy } = course;
  await context.stop(proxy.process);
  const { state, servers } = proxy.values;
  return { ...course, proxy: await context.launch("proxy", { values: { state, servers } }) };
}

/** Starts so many servers of the suite's; more may join while the proxy runs. */
export async function startServers(
  context: CaseContext,
  count: number,
  respond: Responder = nameItself,
  firstLetter = "A",
): Promise<UpstreamStandIn[]> {
  const first = firstLetter.charCodeAt(0);
  return await Promise.all(
    Array.from(
      { length: count },
      (_, i) => startServer(context, `server ${String.fromCharCode(first + i)}`, respond),
    ),
  );
}

export async function startServer(
  context: CaseContext,
  name: string,
  respond: Responder = nameItself,
): Promise<UpstreamStandIn> {
  const port = await context.deadPort();
  const server = await UpstreamStandIn.start({ name, log: context.log, port, respond });
  context.onEnd(() => server.close());
  return server;
}

/** 200 and the server's address, as text. */
export const nameItself: Responder = async (request) => {
  if (!await request.whole) return;
  request.answer({
    fields: ["Content-Type: text/plain"],
    body: `this is ${request.connection.server}\n`,
  });
};

/** Has the state file name a server: one of the suite's, or any address. */
export function select(
  { state }: Course,
  server: UpstreamStandIn | string,
  writing?: Writing,
): void {
  state.select(typeof server === "string" ? server : server.address, writing);
}

/** How long an answer may take where no rule says so. */
const ANSWER_MS = 15_000;

export interface Asking {
  /** Milliseconds to the end of the answer; 15 s by default. */
  readonly deadlineMs?: number;
  /** A connection that is kept; by default one of its own, closed after the answer. */
  readonly on?: Connection;
  /** Patience with a body that only a close can end. */
  readonly silenceMs?: number;
}

/** A GET as browsers send it, in a few lines. */
export function getRequest(course: Course, path = "/", ...fields: string[]): string {
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${course.proxy.address}`, ...fields];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/**
 * One request and its answer, whatever it is; a CaseFailure where the proxy cannot be reached or
 * sends nothing that is HTTP.
 */
export async function ask(
  course: Course,
  message: string | Uint8Array = getRequest(course),
  asking: Asking = {},
): Promise<ReceivedMessage> {
  const { context } = course;
  const deadlineMs = asking.deadlineMs ?? ANSWER_MS;
  const answer = await askAnything(course, message, asking);
  if (answer.startLine !== undefined) return answer;
  await lastWords(answer);
  throw context.failure(`no answer: ${answer.problem}`, {
    sent: sentText(message),
    expected: `an answer within ${deadlineMs / 1000} s`,
    actual: seenText(course, answer),
  });
}

/** For a program that breaks off to end, or to write what went wrong: a failure shows it. */
const LAST_WORDS_MS = 300;

/** Waits for them where there is no answer, though the connection was ended. */
export async function lastWords({ startLine, end }: ReceivedMessage): Promise<void> {
  if (startLine === undefined && end !== "silence") await delay(LAST_WORDS_MS);
}

/** As `ask`, where no answer at all may be right. */
export async function askAnything(
  course: Course,
  message: string | Uint8Array,
  { deadlineMs = ANSWER_MS, on, silenceMs }: Asking = {},
): Promise<ReceivedMessage> {
  const connection = on ?? await reach(course, message);
  try {
    connection.send(message);
    return await connection.read({
      deadlineMs,
      bodiless: bytesBegin(message, "HEAD "),
      ...(silenceMs === undefined ? {} : { silenceMs }),
    });
  } finally {
    if (!on) connection.close();
  }
}

/** A connection to the proxy, closed with the case; a CaseFailure where there is none to be had. */
export async function reach(
  course: Course,
  message: string | Uint8Array = "opened a connection",
): Promise<Connection> {
  const { context, proxy } = course;
  try {
    const connection = await Connection.open(proxy.host, proxy.port);
    context.onEnd(() => Promise.resolve(connection.close()));
    return connection;
  } catch (error) {
    await delay(LAST_WORDS_MS);
    throw context.failure(`the proxy cannot be reached: ${(error as Error).message}`, {
      sent: sentText(message),
      expected: "an answer",
      actual: `${(error as Error).message}\n--- the log:\n${context.log}`,
    });
  }
}

function bytesBegin(message: string | Uint8Array, start: string): boolean {
  const begin = typeof message === "string" ? message : String.fromCharCode(...message.slice(0, 8));
  return begin.startsWith(start);
}

/** A message as evidence shows it; long ones are cut. */
export function sentText(message: string | Uint8Array): string {
  const bytes = typeof message === "string" ? bytesOf(message) : message;
  if (bytes.length <= 8192) return escapeMessage(bytes);
  return `${escapeMessage(bytes.subarray(0, 2048))}\n... ${bytes.length} bytes in all`;
}

/** An answer and the log of the case. */
export function seenText({ context }: Course, answer?: ReceivedMessage): string {
  const seen = answer ? `${actualText(answer)}\n` : "";
  return `${seen}--- the log:\n${context.log}`;
}

/** Fails with an answer as the evidence. */
export function failed(
  course: Course,
  message: string,
  evidence: {
    readonly sent: string | Uint8Array;
    readonly expected: string;
    readonly answer?: ReceivedMessage;
  },
): Error {
  return course.context.failure(message, {
    sent: sentText(evidence.sent),
    expected: evidence.expected,
    actual: seenText(course, evidence.answer),
  });
}
