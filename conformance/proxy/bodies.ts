/** Cases of proxy.proxy.body-intact that no golden holds: long bodies, all framings, odd pieces. */
import { Buffer } from "node:buffer";
import { setTimeout as delay } from "node:timers/promises";
import type { Case } from "../engine/case.ts";
import { fixture } from "../engine/fixtures.ts";
import { differenceOf } from "../engine/golden/match.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { chunked, ContentCheck, contentPieces } from "./content.ts";
import { ask, failed, getRequest, seenText, startCourse } from "./course.ts";
import { endProblem } from "./play-golden.ts";
import { streamAnswer } from "./streamed-answer.ts";
import type { StreamedAnswer } from "./streamed-answer.ts";
import type { UpstreamRequest } from "./upstream-request.ts";

const RULE = "proxy.proxy.body-intact";

/** How the server of a case says where its body ends. */
const FRAMINGS = {
  length: "with Content-Length",
  chunked: "in chunks",
  close: "ended by the close of the connection",
} as const;

export type Framing = keyof typeof FRAMINGS;

/** One byte, odd, and across what is read at a time. */
const CHUNK_SIZES = [1, 4097, 13, 65_535, 7];
const MIB = 1024 * 1024;

/** The head of a 200 with a body of this framing. */
export function headOf(framing: Framing, length: number): string {
  const lines = [
    "HTTP/1.1 200 OK",
    "Content-Type: application/octet-stream",
    ...(framing === "length" ? [`Content-Length: ${length}`] : []),
    ...(framing === "chunked" ? ["Transfer-Encoding: chunked"] : []),
    "Connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** What a sound server uses where this framing is wanted: HTTP/1.0 knows no chunks. */
function framingFor({ version }: UpstreamRequest, wanted: Framing): Framing {
  return wanted === "chunked" && version === "HTTP/1.0" ? "close" : wanted;
}

async function sendContent(request: UpstreamRequest, wanted: Framing, length: number) {
  if (!await request.whole) return;
  const { connection } = request;
  const framing = framingFor(request, wanted);
  connection.send(headOf(framing, length));
  const pieces = contentPieces(length);
  await connection.sendAll(framing === "chunked" ? chunked(pieces, CHUNK_SIZES) : pieces);
  connection.end();
}

/** Enough for a program that appends each piece to what it has. */
const LONG_MS = 60_000;

async function longBody(context: CaseContext, framing: Framing, length: number): Promise<void> {
  const course = await startCourse(context, {
    respond: (request) => sendContent(request, framing, length),
  });
  const message = getRequest(course, "/content.bin", "Connection: close");
  const check = new ContentCheck(length);
  const answer = await streamAnswer(course.proxy, message, check, LONG_MS);
  const reason = problemOf(answer, check);
  if (!reason) return;
  throw context.failure(reason, {
    sent: `${message}--- the server answered with ${length} bytes, ${FRAMINGS[framing]}`,
    expected: `200 with the same ${length} bytes, and an end that a client can tell`,
    actual: `${describe(answer)}\n${seenText(course)}`,
  });
}

function problemOf(answer: StreamedAnswer, check: ContentCheck): string | undefined {
  if (answer.status === 0) return `no answer: ${answer.problem ?? "nothing came"}`;
  if (answer.status !== 200) return `the answer is ${answer.status}, not 200`;
  const differs = check.problem();
  if (differs) return `the body is not the one sent: ${differs}`;
  const { end, problem } = answer;
  if (end === "silence") {
    return "the body came whole, but its end cannot be told: the connection stayed open";
  }
  if (end === "truncated") return `the body came whole, but its end never did: ${problem}`;
  return undefined;
}

function describe({ status, fields, end, problem }: StreamedAnswer): string {
  const lines = fields.map(({ name, value }) => `${name}: ${value}`);
  return [`status ${status}`, ...lines, `(it ended: ${end}${problem ? `; ${problem}` : ""})`].join(
    "\n",
  );
}

/** Cuts in the head, at its end, in a chunk's size and in a body of 256 bytes. */
const CUTS = [5, 40, 90, 150, 151, 160, 200, 300, 400];
const CUT_GAP_MS = 20;

/** The answer in pieces; all of it comes well within the time that a server has. */
async function inPieces(context: CaseContext, wanted: Framing): Promise<void> {
  const body = fixture("every-byte.bin").subarray(0, 256);
  await exactBody(context, body, `${FRAMINGS[wanted]}, in pieces`, async (request) => {
    const { connection } = request;
    const framing = framingFor(request, wanted);
    const whole = Buffer.concat([Buffer.from(headOf(framing, body.length)), framed(body, framing)]);
    for (const [i, cut] of [0, ...CUTS].entries()) {
      if (i > 0) await delay(CUT_GAP_MS);
      connection.send(whole.subarray(cut, CUTS[i]));
    }
    connection.end();
  });
}

async function everyByte(context: CaseContext, wanted: Framing): Promise<void> {
  const body = fixture("every-byte.bin");
  await exactBody(context, body, FRAMINGS[wanted], (request) => {
    const { connection } = request;
    const framing = framingFor(request, wanted);
    connection.send(headOf(framing, body.length));
    connection.send(framed(body, framing));
    connection.end();
  });
}

function framed(body: Uint8Array, framing: Framing): Uint8Array {
  return framing === "chunked" ? Buffer.concat([...chunked([body], [1, 17, 100])]) : body;
}

async function exactBody(
  context: CaseContext,
  body: Uint8Array,
  how: string,
  respond: (request: UpstreamRequest) => void | Promise<void>,
): Promise<void> {
  const course = await startCourse(context, { respond });
  const message = getRequest(course, "/content.bin", "Connection: close");
  const answer = await ask(course, message);
  const reason = answer.status !== 200
    ? `the answer is ${answer.status}, not 200`
    : differenceOf(body, answer.body, answer.problem) ?? endProblem(answer);
  if (!reason) return;
  throw failed(course, reason, {
    sent: message,
    expected: `200 with the ${body.length} bytes that the server sent, ${how}`,
    answer,
  });
}

const ALL = Object.keys(FRAMINGS) as Framing[];

/** Sizes in bytes by the name of the variant. */
const SIZES = { empty: 0, "1-mib": MIB, "64-mib": 64 * MIB } as const;

export const bodyCases: readonly Case[] = ALL.flatMap((framing): Case[] => [
  ...Object.entries(SIZES).map(([name, length]): Case => ({
    id: `${RULE}/${name}-${framing}`,
    rule: RULE,
    title: `${length === 0 ? "An empty body" : `A body of ${length} bytes`}, ${
      FRAMINGS[framing]
    }, comes back whole`,
    needs: ["proxy.proxy.forwards"],
    run: (context) => longBody(context, framing, length),
  })),
  {
    id: `${RULE}/every-byte-${framing}`,
    rule: RULE,
    title: `A body with every byte value, ${FRAMINGS[framing]}, comes back whole`,
    needs: ["proxy.proxy.forwards"],
    run: (context) => everyByte(context, framing),
  },
  {
    id: `${RULE}/in-pieces-${framing}`,
    rule: RULE,
    title: `An answer that comes in pieces, ${FRAMINGS[framing]}, comes back whole`,
    needs: ["proxy.proxy.forwards"],
    timed: true,
    run: (context) => inPieces(context, framing),
  },
]);
