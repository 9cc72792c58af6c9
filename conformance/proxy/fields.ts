/** Cases about fields of an answer that no golden holds: how often they come, what they say of the body. */
import { Buffer } from "node:buffer";
import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from "node:zlib";
import { fieldValue, fieldValues } from "../../src/http1/mod.ts";
import type { Case } from "../engine/case.ts";
import { fixture } from "../engine/fixtures.ts";
import { differenceOf } from "../engine/golden/match.ts";
import type { CaseContext } from "../engine/run/context.ts";
import type { ReceivedMessage } from "../engine/wire/received.ts";
import { ask, failed, getRequest, startCourse } from "./course.ts";
import type { CourseOptions } from "./course.ts";
import { endProblem } from "./play-golden.ts";

const ONCE = "proxy.proxy.no-duplicate-headers";
const ENCODING = "proxy.proxy.encoding-kept";

/** The first of these fields that comes more than once, in a sentence. */
export function duplicate({ fields }: Pick<ReceivedMessage, "fields">): string | undefined {
  for (const name of ["Date", "Server"]) {
    const values = fieldValues(fields, name);
    if (values.length > 1) return `${name} is there ${values.length} times: ${values.join(" | ")}`;
  }
  return undefined;
}

async function once(context: CaseContext, options: CourseOptions): Promise<void> {
  const course = await startCourse(context, options);
  const message = getRequest(course, "/", "Connection: close");
  const answer = await ask(course, message);
  const reason = duplicate(answer);
  if (reason) {
    throw failed(course, reason, { sent: message, expected: "Date and Server once", answer });
  }
}

/** Who has set the fields, by the name of the variant. */
const ONCE_CASES: readonly (readonly [name: string, title: string, CourseOptions])[] = [
  ["server-has-both", "Date and Server of the server are not there beside the proxy's own", {
    respond: (request) =>
      request.answer({
        fields: [
          "Date: Sun, 06 Nov 1994 08:49:37 GMT",
          "Server: steelyard/1",
          "Content-Type: text/plain",
        ],
        body: "hello",
        close: true,
      }),
  }],
  ["server-has-none", "Date and Server are there once at most where the server sent neither", {
    respond: (request) => request.answer({ body: "hello", close: true }),
  }],
  ["not-found", "Date and Server of a 404 are not there beside the proxy's own", {
    respond: (request) =>
      request.answer({
        status: "404 Not Found",
        fields: ["Server: steelyard/1", "Date: Sun, 06 Nov 1994 08:49:37 GMT"],
        body: "no",
        close: true,
      }),
  }],
];

interface Coding {
  encode(bytes: Uint8Array): Uint8Array;
  decode(bytes: Uint8Array): Uint8Array;
}

const CODINGS: Readonly<Record<string, Coding>> = {
  gzip: { encode: (bytes) => gzipSync(bytes), decode: (bytes) => gunzipSync(bytes) },
  deflate: { encode: (bytes) => deflateSync(bytes), decode: (bytes) => inflateSync(bytes) },
  br: {
    encode: (bytes) => brotliCompressSync(bytes),
    decode: (bytes) => brotliDecompressSync(bytes),
  },
};

/** What a client has after it believed Content-Encoding; throws where the body is not in it. */
export function decoded({ fields, body }: Pick<ReceivedMessage, "fields" | "body">): Uint8Array {
  const coding = fieldValue(fields, "content-encoding")?.trim().toLowerCase() ?? "identity";
  if (coding === "identity" || coding === "") return body;
  const known = CODINGS[coding];
  if (!known) throw new Error(`${coding} is no encoding that the client accepts`);
  return known.decode(body);
}

async function keepsEncoding(context: CaseContext, name: string, chunked: boolean): Promise<void> {
  const plain = Buffer.concat(Array(200).fill(fixture("page.html")));
  const body = (CODINGS[name] as Coding).encode(plain);
  const fields = ["Content-Type: text/html", `Content-Encoding: ${name}`, "Vary: Accept-Encoding"];
  const course = await startCourse(context, {
    respond: (request) => {
      if (!chunked || request.version === "HTTP/1.0") {
        return request.answer({ fields, body, close: true });
      }
      const head = [
        "HTTP/1.1 200 OK",
        ...fields,
        "Transfer-Encoding: chunked",
        "Connection: close",
      ];
      request.connection.send(`${head.join("\r\n")}\r\n\r\n${body.length.toString(16)}\r\n`);
      request.connection.send(body);
      request.connection.send("\r\n0\r\n\r\n");
      request.connection.end();
    },
  });
  const message = getRequest(course, "/page.html", `Accept-Encoding: ${name}`, "Connection: close");
  const answer = await ask(course, message);
  const reason = encodingProblem(plain, answer);
  if (!reason) return;
  throw failed(course, reason, {
    sent:
      `${message}--- the server answered with ${plain.length} bytes, as ${body.length} bytes of ${name}`,
    expected: "a body that is what its Content-Encoding says, and decoded the bytes of the server",
    answer: { ...answer, raw: answer.raw.subarray(0, 1024) },
  });
}

/** Undefined where the body is what Content-Encoding says, and all of it. */
export function encodingProblem(plain: Uint8Array, answer: ReceivedMessage): string | undefined {
  const coding = fieldValue(answer.fields, "content-encoding") ?? "none";
  let got: Uint8Array;
  try {
    got = decoded(answer);
  } catch (error) {
    return `Content-Encoding is ${coding}, and the body is not: ${(error as Error).message}`;
  }
  const differs = differenceOf(plain, got);
  return differs ? `decoded as Content-Encoding says (${coding}), ${differs}` : endProblem(answer);
}

export const fieldCases: readonly Case[] = [
  ...ONCE_CASES.map(([name, title, options]): Case => ({
    id: `${ONCE}/${name}`,
    rule: ONCE,
    title,
    needs: ["proxy.proxy.forwards"],
    run: (context) => once(context, options),
  })),
  {
    id: `${ONCE}/own-error`,
    rule: ONCE,
    title: "Date and Server of the proxy's own error are there once at most",
    needs: ["proxy.proxy.server-down"],
    run: async (context) => {
      const dead = `127.0.0.1:${await context.deadPort()}\n`;
      await once(context, { selected: { content: dead } });
    },
  },
  ...Object.keys(CODINGS).flatMap((name) =>
    [false, true].map((chunked): Case => ({
      id: `${ENCODING}/${name}-${chunked ? "chunked" : "length"}`,
      rule: ENCODING,
      title: `A long body in ${name}, ${chunked ? "in chunks" : "with Content-Length"}, ` +
        "agrees with its Content-Encoding",
      needs: ["proxy.proxy.forwards", "proxy.proxy.body-intact"],
      run: (context) => keepsEncoding(context, name, chunked),
    }))
  ),
];
