import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer, BODY, endLoads, load, planFor, serve } from "./test-kit.ts";
import type { Asked, Stand } from "./test-kit.ts";

test.after(endLoads);

const FOLLOW = { follow: true, rate: 1000, durationMs: 10, connections: 2 };

function leadTo(location: string): Promise<Stand> {
  return serve(({ socket }) => {
    socket.write(`HTTP/1.1 301 To\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
  });
}

async function follow(respond: (asked: Asked) => void, keepAlive: boolean) {
  const there = await serve(respond);
  const balancer = await leadTo(there.url);
  const result = await load(planFor(balancer.url, { ...FOLLOW, keepAlive }));
  await balancer.die();
  await there.die();
  return { ...result, asked: balancer.seen(), led: there.seen() };
}

for (const keepAlive of [false, true]) {
  test(`a redirect is followed, ${keepAlive ? "on connections that stay" : "each anew"}`, async () => {
    const { requests, bytes, failures, phases = {}, latency, asked, led } = await follow(
      ({ socket }) => socket.write(answer(BODY)),
      keepAlive,
    );
    assert.equal([requests, bytes, failures], [10, 10 * BODY.length, {}]);
    assert.equal(Object.keys(phases).sort(), ["body", "connect", "redirect"]);
    for (const phase of Object.values(phases)) assert.is(phase.totalCount, 10);
    const sum = Object.values(phases).reduce((us, { mean }) => us + mean, 0);
    // Each is rounded to a microsecond, and kept to a thousandth.
    assert.ok(Math.abs(sum - latency.mean) < 3 + latency.mean / 100, `${sum} ${latency.mean}`);
    if (keepAlive) assert.ok(asked <= 2 && led <= 2, `${asked} and ${led} connections`);
    else assert.equal([asked, led], [10, 10]);
  });
}

test("each phase has its own time", async () => {
  const later = (ms: number, text: string) => ({ socket }: Asked) => {
    setTimeout(() => socket.write(text), ms);
  };
  const there = await serve(later(60, answer(BODY)));
  const to = `HTTP/1.1 301 To\r\nLocation: ${there.url}\r\nContent-Length: 0\r\n\r\n`;
  const balancer = await serve(later(120, to));
  const { phases = {} } = await load(planFor(balancer.url, { ...FOLLOW, keepAlive: false }));
  // A timer may be a millisecond early.
  assert.ok((phases.redirect?.mean ?? 0) >= 118_000);
  assert.ok((phases.body?.mean ?? 0) >= 58_000);
  await balancer.die();
  await there.die();
});

test("what the redirect leads to is verified", async () => {
  const wrong = BODY.replace("9", "x");
  const { requests, mismatch } = await follow(
    ({ socket, serial }) => socket.write(answer(serial === 5 ? wrong : BODY)),
    false,
  );
  assert.is(requests, 9);
  assert.is(mismatch?.at, 9);
  assert.match(mismatch?.url ?? "", "/file");
});

test("a redirect to nowhere is the failure wrong location", async () => {
  const balancer = await leadTo("gopher://a/");
  const { failures } = await load(planFor(balancer.url, FOLLOW));
  assert.equal(failures, { "wrong location": 10 });
  await balancer.die();
});

test("an answer that is no redirect is a failure", async () => {
  const balancer = await serve(({ socket }) => socket.write(answer(BODY)));
  const { failures } = await load(planFor(balancer.url, FOLLOW));
  assert.equal(failures, { "status 200": 10 });
  await balancer.die();
});

test.run();
