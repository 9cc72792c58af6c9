import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Asked } from "./test-kit.ts";
import {
  answer,
  BODY,
  endLoads,
  inTurn,
  load,
  loadOn,
  planFor,
  serve,
  sha256,
} from "./test-kit.ts";

test.after(endLoads);

const FLIPPED = BODY.slice(0, 123) + "x" + BODY.slice(124);

function chunked(body: string): string {
  const chunks = body.match(/[^]{1,70}/g) ?? [];
  const parts = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${parts.join("")}0\r\n\r\n`;
}

function untilClose({ socket }: Asked, body: string): void {
  socket.write(`HTTP/1.1 200 OK\r\n\r\n${body}`);
  socket.end();
}

const RIGHT: readonly [how: string, respond: (asked: Asked) => void][] = [
  ["by its length", ({ socket }) => socket.write(answer(BODY))],
  ["in chunks", ({ socket }) => socket.write(chunked(BODY))],
  ["until the connection ends", (asked) => untilClose(asked, BODY)],
  ["behind a 103", ({ socket }) => socket.write(`HTTP/1.1 103 Early\r\n\r\n${answer(BODY)}`)],
  ["with other fields each time", ({ socket, serial }) => {
    socket.write(answer(BODY, `X-Serial: ${serial}`));
  }],
  ["byte after byte", ({ socket }) => {
    const bytes = answer(BODY);
    const next = (at: number) => {
      if (at === bytes.length) return;
      socket.write(bytes.charAt(at));
      setImmediate(() => next(at + 1));
    };
    next(0);
  }],
];

for (const [how, respond] of RIGHT) {
  test(`a right body that comes ${how} counts`, async () => {
    const { requests, bytes, failures, mismatch, latency } = await loadOn(respond, inTurn(5));
    assert.equal([requests, bytes, failures], [5, 5 * BODY.length, {}]);
    assert.is(mismatch, undefined);
    assert.is(latency.totalCount, 5);
  });
}

const WRONG: readonly [what: string, actual: string, at: number][] = [
  ["a flipped byte", FLIPPED, 123],
  ["a short body", BODY.slice(0, 200), 200],
  ["a long body", `${BODY}0`, 300],
  ["no body", "", 0],
];

const FRAMINGS: readonly [how: string, respond: (asked: Asked, body: string) => void][] = [
  ["by its length", ({ socket }, body) => socket.write(answer(body))],
  ["in several pieces", ({ socket }, body) => {
    const [head = "", rest = ""] = answer(body).split("\r\n\r\n");
    socket.write(`${head}\r\n\r\n`);
    setTimeout(() => socket.write(rest.slice(0, 50)), 5);
    setTimeout(() => socket.write(rest.slice(50)), 10);
  }],
  ["in chunks", ({ socket }, body) => socket.write(chunked(body))],
  ["until the connection ends", untilClose],
];

for (const [how, respond] of FRAMINGS) {
  for (const [what, actual, at] of WRONG) {
    test(`${what} that comes ${how} after right ones is a mismatch`, async () => {
      const result = await loadOn(
        (asked) => respond(asked, asked.serial === 3 ? actual : BODY),
        inTurn(6),
      );
      assert.equal([result.requests, result.failures], [5, {}]);
      const { url, ...mismatch } = result.mismatch ?? { url: "" };
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/file$/);
      assert.equal(mismatch, {
        expectedBytes: BODY.length,
        expectedSha256: sha256(BODY),
        actualBytes: actual.length,
        actualSha256: sha256(actual),
        at,
      });
    });
  }
}

test("where no right body ever came, the first differing byte is not known", async () => {
  const other = "another body".repeat(10);
  const result = await loadOn(
    ({ socket }) => socket.write(answer(other)),
    { expect: { kind: "body", sha256: sha256("never seen"), bytes: other.length } },
  );
  assert.is(result.requests, 0);
  assert.is(result.mismatch?.at, null);
  assert.is(result.mismatch?.actualSha256, sha256(other));
});

/** Written with regard to what the other side takes. */
async function sendLarge({ socket }: Asked, body: Buffer): Promise<void> {
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
  for (let at = 0; at < body.length; at += 1 << 20) {
    socket.write(body.subarray(at, at + (1 << 20)));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a byte that is wrong far into a large body is found", async () => {
  const body = Buffer.alloc(5_000_000, "large ");
  const wrong = Buffer.from(body);
  wrong[4_321_000] = 0;
  const stand = await serve((asked) => sendLarge(asked, asked.serial === 4 ? wrong : body));
  const expect = {
    kind: "body",
    sha256: sha256(body.toString("latin1")),
    bytes: body.length,
  } as const;
  const result = await load(
    planFor(stand.url, { expect, connections: 1, rate: 100, durationMs: 60 }),
  );
  assert.equal([result.requests, result.bytes, result.failures], [5, 25_000_000, {}]);
  assert.is(result.mismatch?.at, 4_321_000);
  assert.is(result.mismatch?.actualSha256, sha256(wrong.toString("latin1")));
  await stand.die();
});

test.run();
