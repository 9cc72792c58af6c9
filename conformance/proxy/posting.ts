/** Cases of proxy.proxy.post that no golden holds: long, slow, expected and broken-off bodies. */
import { Buffer } from "node:buffer";
import { setTimeout as delay } from "node:timers/promises";
import { fieldValue } from "../../src/http1/mod.ts";
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import type { Connection } from "../engine/wire/connection.ts";
import type { ReceivedMessage } from "../engine/wire/received.ts";
import { chunked, content, contentSha256 } from "./content.ts";
import { ask, failed, getRequest, reach, startCourse } from "./course.ts";
import type { Course } from "./course.ts";
import type { UpstreamRequest } from "./upstream-request.ts";
import type { Responder } from "./upstream-stand-in.ts";

const RULE = "proxy.proxy.post";
/** 411 and 413 refuse a body, 417 what Expect asks for. */
const REFUSALS: readonly number[] = [405, 411, 413, 417, 501];
const ANSWER_MS = 15_000;
const MIB = 1024 * 1024;

type Framing = "length" | "chunked";

interface Posting {
  readonly framing: Framing;
  readonly length: number;
  readonly fields?: readonly string[];
  /** Sends the body, in its own time. */
  readonly send: (connection: Connection, body: readonly Uint8Array[]) => Promise<void>;
}

/** 100 where it is expected, 201 when the request is whole. */
const accept: Responder = async (request) => {
  const expected = fieldValue(request.fields, "expect") !== undefined;
  if (expected) request.connection.send("HTTP/1.1 100 Continue\r\n\r\n");
  if (await request.whole) request.answer({ status: "201 Created", body: "taken\n", close: true });
};

function headOf(course: Course, path: string, posting: Omit<Posting, "send">): string {
  const { framing, length, fields = [] } = posting;
  const lines = [
    `POST ${path} HTTP/1.1`,
    `Host: ${course.proxy.address}`,
    "Content-Type: application/octet-stream",
    framing === "length" ? `Content-Length: ${length}` : "Transfer-Encoding: chunked",
    ...fields,
    "Connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function bodyOf({ framing, length }: Omit<Posting, "send">): Uint8Array[] {
  const body = content(length);
  return framing === "chunked" ? [...chunked([body], [1, 8191, 100])] : [body];
}

/**
 * The status with which a POST of three bytes is refused; undefined where it is not. A proxy that
 * refuses does not read on, and then a reset may overtake its refusal of a longer body.
 */
async function refusalOf(course: Course, framing: Framing): Promise<number | undefined> {
  const small = { framing, length: 3 };
  const message = Buffer.concat([
    Buffer.from(headOf(course, "/small", small)),
    ...bodyOf(small),
  ]);
  const { status } = await ask(course, message);
  return REFUSALS.includes(status) ? status : undefined;
}

async function forwardsWhole(context: CaseContext, posting: Posting): Promise<string | void> {
  const course = await startCourse(context, { respond: accept });
  const refused = await refusalOf(course, posting.framing);
  if (refused) return `it refuses POST with ${refused}`;
  const head = headOf(course, "/upload", posting);
  const connection = await reach(course, head);
  connection.send(head);
  await posting.send(connection, bodyOf(posting));
  const answer = await connection.read({ deadlineMs: ANSWER_MS });
  const reason = problemOf(uploads(course), posting.length, answer);
  if (!reason) return;
  throw failed(course, reason, {
    sent: `${head}(and ${posting.length} bytes)`,
    expected: `the server gets all of it and the client its 201, or a refusal: ${
      REFUSALS.join(", ")
    }`,
    answer,
  });
}

function uploads(course: Course): UpstreamRequest[] {
  return course.servers.flatMap(({ requests }) => requests)
    .filter(({ target }) => target.endsWith("/upload"));
}

/** Undefined where all of the body came to the server, or the proxy refused and nothing did. */
export function problemOf(
  arrived: readonly Pick<UpstreamRequest, "body" | "complete">[],
  length: number,
  answer: Pick<ReceivedMessage, "startLine" | "status" | "problem">,
): string | undefined {
  const wrong = arrived.find(({ complete, body }) =>
    complete === true && body.sha256 !== contentSha256(length)
  );
  if (wrong) {
    const what = wrong.body.length === length
      ? "other bytes"
      : `${wrong.body.length} of ${length} bytes`;
    return `the server got ${what} as if that were all of it`;
  }
  if (REFUSALS.includes(answer.status)) return undefined;
  if (answer.startLine === undefined) return `no answer: ${answer.problem}`;
  if (answer.status !== 201) {
    return `the answer is ${answer.status}, neither the server's 201 nor a refusal`;
  }
  return arrived.some(({ complete }) => complete)
    ? undefined
    : "the answer is 201, and the server got no whole request";
}

const atOnce: Posting["send"] = (connection, body) => {
  for (const piece of body) connection.send(piece);
  return Promise.resolve();
};

const SLOW_PIECES = 5;
/** All of them together stay below the 2 s in which a server must answer. */
const SLOW_GAP_MS = 200;

const slowly: Posting["send"] = async (connection, body) => {
  const all = Buffer.concat(body);
  const size = Math.ceil(all.length / SLOW_PIECES);
  for (let at = 0; at < all.length; at += size) {
    await delay(SLOW_GAP_MS);
    connection.send(all.subarray(at, at + size));
  }
};

/** A client goes on without a 100 after a while: RFC 9110, section 10.1.1. */
const CONTINUE_MS = 1000;

const whenContinued: Posting["send"] = async (connection, body) => {
  await connection.speaks(CONTINUE_MS);
  await atOnce(connection, body);
};

/** How long the rest of a broken-off request is looked for at the server. */
const REST_MS = 1000;

async function breaksOff(context: CaseContext, framing: Framing): Promise<void> {
  const course = await startCourse(context, { respond: accept });
  const posting = { framing, length: 50_000 };
  const head = headOf(course, "/upload", posting);
  const connection = await reach(course, head);
  connection.send(head);
  const body = Buffer.concat(bodyOf(posting));
  connection.send(body.subarray(0, body.length / 2));
  // What the server has of it by now has come; no proxy needs to have sent any.
  await context.log.waitFor(() => uploads(course).length > 0, REST_MS);
  connection.close();
  context.log.add("suite", "the client went away in the middle of its body");
  await ask(course, getRequest(course, "/after", "Connection: close"));
  const whole = () => uploads(course).find(({ complete }) => complete === true);
  if (!await context.log.waitFor(() => whole() !== undefined, REST_MS)) return;
  throw failed(
    course,
    "the server got a request that looks whole from a client that sent half of one",
    {
      sent: `${head}(and half of its body; then the client went away)`,
      expected: "nothing at the server, or a request that breaks off too",
    },
  );
}

const WHOLE: readonly (readonly [name: string, title: string, Posting])[] = (
  ["length", "chunked"] as const
).flatMap((framing) => {
  const how = framing === "length" ? "with Content-Length" : "in chunks";
  return [
    [`1-mib-${framing}`, `A POST of 1 MiB, ${how}, reaches the server whole`, {
      framing,
      length: MIB,
      send: atOnce,
    }],
    [`slow-${framing}`, `A POST that comes slowly, ${how}, reaches the server whole`, {
      framing,
      length: 5000,
      send: slowly,
    }],
    [
      `expect-${framing}`,
      `A POST whose client waits for 100 Continue, ${how}, reaches the server whole`,
      {
        framing,
        length: 5000,
        fields: ["Expect: 100-continue"],
        send: whenContinued,
      },
    ],
  ] as const;
});

export const postCases: readonly Case[] = [
  ...WHOLE.map(([name, title, posting]): Case => ({
    id: `${RULE}/${name}`,
    rule: RULE,
    title: `${title}, or is refused`,
    needs: ["proxy.proxy.forwards"],
    timed: true,
    run: (context) => forwardsWhole(context, posting),
  })),
  ...(["length", "chunked"] as const).map((framing): Case => ({
    id: `${RULE}/broken-off-${framing}`,
    rule: RULE,
    title: `Half a POST ${framing === "length" ? "with Content-Length" : "in chunks"} ` +
      "never reaches the server as a whole one",
    needs: ["proxy.proxy.forwards"],
    run: (context) => breaksOff(context, framing),
  })),
];
