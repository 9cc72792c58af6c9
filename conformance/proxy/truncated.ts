/** Cases of proxy.proxy.truncated: a server that dies in the middle of its body. */
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import type { ReceivedMessage } from "../engine/wire/received.ts";
import { headOf } from "./bodies.ts";
import { content } from "./content.ts";
import { askAnything, failed, startCourse } from "./course.ts";
import type { UpstreamRequest } from "./upstream-request.ts";

const RULE = "proxy.proxy.truncated";

interface Death {
  readonly framing: "length" | "chunked";
  readonly by: "fin" | "reset";
  readonly client: "1.1" | "1.0";
  /** Bytes of the body that went out before. */
  readonly after: number;
}

/** What the server announces, or would have sent in chunks. */
const WHOLE_BYTES = 200_000;

/** Bytes by the name of the variant; none, some that fit anywhere, more than a buffer holds. */
const MOMENTS = { "no-byte": 0, "some-bytes": 1000, "half": WHOLE_BYTES / 2 } as const;

/** Time for what was sent to be read by the proxy: a reset would take it away. */
const READ_MS = 200;

async function die(request: UpstreamRequest, { framing, by, after }: Death): Promise<void> {
  if (!await request.whole) return;
  // HTTP/1.0 knows no chunks, and a body that a close ends cannot be short.
  if (framing === "chunked" && request.version === "HTTP/1.0") {
    return request.answer({ body: "whole", close: true });
  }
  const { connection } = request;
  connection.send(headOf(framing, WHOLE_BYTES));
  if (after > 0) {
    // The chunk is announced longer than what comes of it.
    if (framing === "chunked") connection.send(`${(after + 50).toString(16)}\r\n`);
    connection.send(content(after));
  }
  await new Promise((done) => setTimeout(done, READ_MS));
  if (by === "fin") connection.end();
  else connection.reset();
}

/** A client that has heard nothing for so long after the server's death is left waiting. */
const WAITING_MS = 10_000;

async function serverDies(context: CaseContext, death: Death): Promise<string | void> {
  const course = await startCourse(context, { respond: (request) => die(request, death) });
  const message = `GET /content.bin HTTP/${death.client}\r\nHost: ${course.proxy.address}\r\n` +
    "Connection: close\r\n\r\n";
  const answer = await askAnything(course, message, {
    deadlineMs: WAITING_MS,
    silenceMs: WAITING_MS,
  });
  const asked = course.servers[0]?.requests.at(-1)?.version;
  if (death.framing === "chunked" && asked === "HTTP/1.0") {
    return "it asks the server in HTTP/1.0, which knows no chunks";
  }
  const reason = untold(answer);
  if (!reason) return;
  throw failed(course, reason, {
    sent: `${message}--- the server sent ${death.after} bytes of its body and died by ${death.by}`,
    expected:
      "a length that is not reached, chunks without an end, a reset, no answer, or 502 or 504",
    answer,
  });
}

/** Undefined where the client can tell that something is missing. */
export function untold(answer: ReceivedMessage): string | undefined {
  const { startLine, status, end, body, problem } = answer;
  if (end === "silence") {
    return `the client is left waiting: neither an end nor a close ${
      WAITING_MS / 1000
    } s after the server died`;
  }
  if (startLine === undefined || end === "truncated" || status >= 500) return undefined;
  // A reset is noticed whatever the framing says.
  if (end === "close" && problem !== undefined) return undefined;
  const how = {
    length: `a Content-Length of ${body.length}, which was reached`,
    chunked: "a last chunk",
    close: "an orderly close, without a length",
    none: "a status without a body",
  }[end];
  return `the answer looks whole, though ${body.length} of ${WHOLE_BYTES} bytes came: it ended with ${how}`;
}

const FRAMINGS = ["length", "chunked"] as const;
const WAYS = ["fin", "reset"] as const;

/** Every moment to a client of HTTP/1.1, one to a client of HTTP/1.0, which knows no chunks. */
/**
 * Not chunks for a client of HTTP/1.0: there a close is all that can tell the end, and well-known proxies
 * (nginx, and those on the HTTP libraries of Go and Node) close cleanly, where only a reset could tell.
 */
const DEATHS: readonly (readonly [name: string, Death])[] = FRAMINGS.flatMap((framing) =>
  WAYS.flatMap((by) => [
    ...Object.entries(MOMENTS).map(([moment, after]) =>
      [`${framing}-${moment}-${by}`, { framing, by, after, client: "1.1" }] as const
    ),
    ...(framing === "length"
      ? [
        [`length-half-${by}-http-1.0`, {
          framing,
          by,
          after: MOMENTS.half,
          client: "1.0",
        }] as const,
      ]
      : []),
  ])
);

export const truncatedCases: readonly Case[] = DEATHS.map(([name, death]): Case => ({
  id: `${RULE}/${name}`,
  rule: RULE,
  title: `A client of HTTP/${death.client} can tell that the server died, ` +
    `${death.framing === "length" ? "short of its Content-Length" : "before its last chunk"}, ` +
    `by a ${death.by === "fin" ? "FIN" : "reset"} after ${death.after} bytes of the body`,
  needs: ["proxy.proxy.forwards"],
  run: (context) => serverDies(context, death),
}));
