import { test } from "uvu";
import * as assert from "uvu/assert";
import { EventLog } from "../engine/event-log.ts";
import { chunked, ContentCheck, contentPieces } from "./content.ts";
import { streamAnswer } from "./streamed-answer.ts";
import type { StreamedAnswer } from "./streamed-answer.ts";
import { UpstreamStandIn } from "./upstream-stand-in.ts";
import type { Responder } from "./upstream-stand-in.ts";

const LENGTH = 300_000;
const DEADLINE_MS = 20_000;
const REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/** What is seen of an answer that a server gives right away. */
async function streamed(
  respond: Responder,
  deadlineMs = DEADLINE_MS,
): Promise<StreamedAnswer & { readonly differs: string | undefined }> {
  const log = new EventLog();
  const server = await UpstreamStandIn.start({ name: "server", log, respond });
  try {
    const check = new ContentCheck(LENGTH);
    const answer = await streamAnswer(server, REQUEST, check, deadlineMs);
    return { ...answer, differs: check.problem() };
  } finally {
    await server.close();
  }
}

const ENDINGS = [
  ["length", `Content-Length: ${LENGTH}\r\n`, () => contentPieces(LENGTH)],
  ["chunked", "Transfer-Encoding: chunked\r\n", () => chunked(contentPieces(LENGTH), [1000, 7])],
  ["close", "", () => contentPieces(LENGTH)],
] as const;

for (const [end, field, pieces] of ENDINGS) {
  test(`a body ended by ${end} is compared as it comes`, async () => {
    const found = await streamed(async ({ connection }) => {
      connection.send(`HTTP/1.1 200 OK\r\n${field}\r\n`);
      await connection.sendAll(pieces());
      connection.end();
    });
    assert.equal([found.status, found.end, found.differs], [200, end, undefined]);
  });
}

test("an interim answer is passed over", async () => {
  const found = await streamed((request) => {
    request.connection.send("HTTP/1.1 100 Continue\r\n\r\n");
    request.answer({ status: "404 Not Found" });
  });
  assert.equal([found.status, found.end], [404, "length"]);
});

test("a body that breaks off is truncated, by a FIN under its length and by a reset under any", async () => {
  const head = "HTTP/1.1 200 OK\r\n";
  const short = await streamed(({ connection }) => {
    connection.send(`${head}Content-Length: 9\r\n\r\nhello`);
    connection.end();
  });
  assert.is(short.end, "truncated");
  const reset = await streamed(async ({ connection }) => {
    connection.send(`${head}\r\n`);
    await connection.sendAll(contentPieces(10));
    connection.reset();
  });
  assert.is(reset.end, "truncated");
});

test("an end that does not come is silence", async () => {
  const found = await streamed(({ connection }) => {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
  }, 300);
  assert.equal([found.status, found.end], [200, "silence"]);
});

test.run();
