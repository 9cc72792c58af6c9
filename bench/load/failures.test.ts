import { test } from "uvu";
import * as assert from "uvu/assert";
import { freePort } from "../../src/net/test-kit.ts";
import type { Asked } from "./test-kit.ts";
import { answer, BODY, endLoads, inTurn, load, loadOn, planFor, serve } from "./test-kit.ts";

test.after(endLoads);

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const HALF = answer(BODY).slice(0, -100);

function say(text: string): (asked: Asked) => void {
  return ({ socket }) => {
    socket.write(text);
    socket.end();
  };
}

/** Resets once the other side has had the time to take what was said. */
function sayAndReset(text: string): (asked: Asked) => void {
  return ({ socket }) => {
    socket.write(text);
    setTimeout(() => socket.reset(), 20);
  };
}

const KINDS: readonly [what: string, respond: (asked: Asked) => void, why: string][] = [
  ["a body that is cut", say(HALF), "truncated"],
  ["chunks that are cut", say(`${CHUNKED}5\r\n01234\r\n`), "truncated"],
  ["a head that is cut", say("HTTP/1.1 200 OK\r\nContent-Le"), "truncated"],
  ["an end without an answer", ({ socket }) => socket.end(), "closed"],
  ["what is no HTTP", say("SSH-2.0-OpenSSH_9.2\r\n"), "malformed"],
  ["more than an answer", say(`${answer(BODY)}more`), "malformed"],
  ["another status", say("HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno"), "status 503"],
  ["a redirect", say("HTTP/1.1 301 No\r\nContent-Length: 0\r\n\r\n"), "status 301"],
  ["a body that a reset cuts", sayAndReset(HALF), "truncated"],
  ["chunks that a reset cuts", sayAndReset(`${CHUNKED}5\r\n01234\r\n`), "truncated"],
  ["a reset before the body", sayAndReset(HALF.slice(0, HALF.indexOf("0123"))), "reset"],
  ["a reset before the first chunk", sayAndReset(CHUNKED), "reset"],
  ["a reset in the head", sayAndReset("HTTP/1.1 200 OK\r\nContent-Le"), "reset"],
  ["a reset without an answer", ({ socket }) => socket.reset(), "reset"],
];

for (const [what, respond, why] of KINDS) {
  test(`${what} is the failure ${why}`, async () => {
    const { requests, failures, mismatch, latency } = await loadOn(respond, inTurn(2));
    assert.equal(failures, { [why]: 2 });
    // An open loop's latencies have what failed, too.
    assert.equal([requests, latency.totalCount, mismatch], [0, 2, undefined]);
  });
}

for (const [when, said, why] of [["in", HALF, "truncated"], ["before", "HTTP/1.1", "reset"]]) {
  test(`a reset ${when} a body after right ones is the failure ${why}`, async () => {
    const { requests, failures } = await loadOn((asked) => {
      if (asked.serial === 3) sayAndReset(said as string)(asked);
      else asked.socket.write(answer(BODY));
    }, inTurn(5));
    assert.equal([requests, failures], [4, { [why as string]: 1 }]);
  });
}

test("more than an answer after right ones is the failure malformed", async () => {
  const { requests, failures } = await loadOn(({ socket, serial }) => {
    socket.write(serial === 3 ? `${answer(BODY)}more` : answer(BODY));
  }, inTurn(5));
  assert.equal([requests, failures], [4, { malformed: 1 }]);
});

test("no answer in time is the failure timeout", async () => {
  const { requests, failures } = await loadOn(() => {}, { connections: 3, timeoutMs: 50 });
  assert.equal([requests, failures], [0, { timeout: 3 }]);
});

test("a body that stops in the middle is the failure timeout", async () => {
  const { failures } = await loadOn(({ socket }) => socket.write(HALF), { timeoutMs: 50 });
  assert.equal(failures, { timeout: 1 });
});

const REDIRECTS: readonly [what: string, field: string, failures: Record<string, number>][] = [
  ["one of the locations", "Location: http://b/file", {}],
  ["another location", "Location: http://c/file", { "wrong location": 1 }],
  ["no location", "X-Location: http://b/file", { "wrong location": 1 }],
];

for (const [what, field, expected] of REDIRECTS) {
  test(`a redirect with ${what}`, async () => {
    const { requests, bytes, failures } = await loadOn(
      ({ socket }) => socket.write(`HTTP/1.1 301 To\r\n${field}\r\nContent-Length: 2\r\n\r\nto`),
      { expect: { kind: "redirect", locations: ["http://a/file", "http://b/file"] } },
    );
    assert.equal(failures, expected);
    assert.equal([requests, bytes], [1 - Object.keys(expected).length, 0]);
  });
}

test("what refuses is not asked all the time", async () => {
  const url = `http://127.0.0.1:${await freePort()}/`;
  const { requests, failures } = await load(planFor(url, { connections: 2, durationMs: 100 }));
  assert.is(requests, 0);
  assert.equal(Object.keys(failures), ["refused"]);
  // Each of the two rests 5 ms after each attempt.
  const refused = failures.refused ?? 0;
  assert.ok(refused >= 2 && refused <= 50, `${refused} attempts`);
});

test("a server that dies in the middle: every request is counted", async () => {
  const stand = await serve(({ socket, serial }) => {
    if (serial === 50) stand.die();
    if (serial < 50) socket.write(answer(BODY));
  });
  const plan = planFor(stand.url, { connections: 5, rate: 1000, durationMs: 100 });
  const { requests, failures, mismatch } = await load(plan);
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  assert.is(requests + failed, 100);
  // Answers that were on their way are lost with the connections.
  assert.ok(requests <= 50 && requests >= 40, `${requests} requests`);
  assert.ok((failures.refused ?? 0) > 0, JSON.stringify(failures));
  assert.is(mismatch, undefined);
});

test.run();
