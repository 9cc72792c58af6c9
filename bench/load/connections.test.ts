import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Asked } from "./test-kit.ts";
import { answer, BODY, endLoads, inTurn, loadOn } from "./test-kit.ts";

test.after(endLoads);

const CASES: readonly [what: string, respond: (asked: Asked) => void, connections: number][] = [
  ["a connection that stays is used again", ({ socket }) => socket.write(answer(BODY)), 1],
  ["a server that says that it closes gets a new connection", ({ socket }) => {
    socket.write(answer(BODY, "Connection: close"));
  }, 5],
  ["HTTP/1.0 gets a new connection", ({ socket }) => {
    socket.write(answer(BODY).replace("HTTP/1.1", "HTTP/1.0"));
  }, 5],
  ["HTTP/1.0 that keeps the connection is asked again on it", ({ socket }) => {
    socket.write(answer(BODY, "Connection: keep-alive").replace("HTTP/1.1", "HTTP/1.0"));
  }, 1],
  ["a server that closes after each answer without a word is no failure", ({ socket }) => {
    socket.write(answer(BODY));
    socket.end();
  }, 5],
  ["a request that a closing server has not seen is asked again", (asked) => {
    if (asked.serial % 2 === 1) asked.socket.destroy();
    else asked.socket.write(answer(BODY));
  }, 5],
];

for (const [what, respond, connections] of CASES) {
  test(what, async () => {
    const result = await loadOn(respond, inTurn(5));
    assert.equal([result.requests, result.failures], [5, {}]);
    assert.is(result.connections, connections);
  });
}

test("a connection for each request asks the server to close it", async () => {
  const heads: string[] = [];
  const result = await loadOn(({ socket, head }) => {
    heads.push(head);
    socket.write(answer(BODY));
  }, { ...inTurn(5), keepAlive: false });
  assert.equal([result.requests, result.failures, result.connections], [5, {}, 5]);
  for (const head of heads) assert.match(head, /^GET \/file HTTP\/1\.1\r\n/);
  for (const head of heads) assert.match(head, /\r\nConnection: close\r\n/);
  assert.is(heads.length, 5);
});

test("a request that stays without an answer twice has failed", async () => {
  const result = await loadOn(({ socket, serial }) => {
    if (serial === 0) socket.write(answer(BODY));
    else socket.destroy();
  }, inTurn(2));
  assert.is(result.requests, 1);
  assert.is(Object.values(result.failures).reduce((sum, count) => sum + count, 0), 1);
});

test("what comes while nothing is asked is not taken for the next answer", async () => {
  const result = await loadOn(({ socket }) => {
    socket.write(answer(BODY));
    setTimeout(() => socket.write(answer("unasked")), 20);
  }, { rate: 2, durationMs: 1000 });
  assert.equal([result.requests, result.failures, result.mismatch], [2, {}, undefined]);
  assert.is(result.connections, 2);
});

test("requests are counted by the server that answers", async () => {
  const { servers } = await loadOn(({ socket, serial }) => {
    socket.write(serial === 7 ? answer(BODY) : answer(BODY, `X-Server: s${serial % 3}`));
  }, inTurn(10));
  assert.equal(servers, { s0: 4, s1: 2, s2: 3 });
});

test.run();
