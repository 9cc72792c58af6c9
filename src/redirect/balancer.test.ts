import { test } from "uvu";
import * as assert from "uvu/assert";
import type { HttpServer } from "../http1/mod.ts";
import { answerWith, dial, failureOf, freePort, latch, within } from "../net/test-kit.ts";
import { balancerParts, startBalancer } from "./balancer.ts";
import type { BalancerOptions, BalancerParts } from "./balancer.ts";
import { keptLog } from "./test-kit.ts";
import type { Upstream } from "./upstream.ts";

const upstreams: Upstream[] = [1, 2, 3].map((port) => ({ host: "up", port }));

/** A balancer whose probes and rounds are in the test's hands. */
async function balancer(times: Record<number, number>, options: Partial<BalancerOptions> = {}) {
  const probed: number[] = [];
  const kept = keptLog();
  let round: (() => void | Promise<void>) | undefined;
  let cancelled = 0;
  const parts: BalancerParts = {
    ...balancerParts,
    probe(upstream) {
      probed.push(upstream.port);
      const ms = times[upstream.port];
      return ms === undefined ? Promise.reject(new Error("down")) : Promise.resolve(ms);
    },
    schedule(_, run) {
      round = run;
      return () => cancelled++;
    },
  };
  const server = await startBalancer({
    host: "127.0.0.1",
    port: 0,
    upstreams,
    intervalMs: 1,
    probePath: "/p",
    random: () => 0,
    log: kept.log,
    ...options,
  }, parts);
  return {
    server,
    probed,
    times,
    events: kept.events,
    cancelled: () => cancelled,
    scheduled: () => round !== undefined,
    /** Runs the next round; false where none is scheduled. */
    async retest() {
      const run = round;
      round = undefined;
      await run?.();
      return run !== undefined;
    },
  };
}

async function ask(
  server: HttpServer,
  text = "GET /f HTTP/1.1\r\nHost: a\r\n\r\n",
): Promise<string> {
  const peer = await dial(server.port);
  peer.socket.write(text);
  peer.socket.end();
  await peer.untilOver();
  peer.socket.destroy();
  return peer.text();
}

function location(answer: string): string | undefined {
  return /^Location: (.*)\r$/m.exec(answer)?.[1];
}

test("probes every server before it listens", async () => {
  const probes: (() => void)[] = [];
  const begun = latch();
  let listening = false;
  const starting = startBalancer({
    host: "127.0.0.1",
    port: 0,
    upstreams: upstreams.slice(0, 1),
    intervalMs: 1e6,
    probePath: "/p",
    random: Math.random,
    log: () => {},
  }, {
    ...balancerParts,
    probe: () =>
      new Promise((resolve) => {
        probes.push(() => resolve(1));
        begun.open();
      }),
  }).then((server) => {
    listening = true;
    return server;
  });
  await within("the probe", begun.promise);
  await freePort();
  assert.not.ok(listening);
  probes[0]?.();
  await (await within("the start", starting)).close();
});

test("fetches the probe path from each server", async () => {
  const asked: string[] = [];
  const listener = await answerWith((head, peer) => {
    asked.push(head.split("\r\n")[0] as string);
    peer.socket.write("HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n");
    peer.socket.end();
  });
  const up = { host: "127.0.0.1", port: listener.port };
  const dead = { host: "127.0.0.1", port: await freePort() };
  const server = await startBalancer({
    host: "127.0.0.1",
    port: 0,
    upstreams: [dead, up],
    intervalMs: 1e6,
    probePath: "/test.jpg",
    random: Math.random,
    log: () => {},
  });
  assert.equal(asked, ["GET /test.jpg HTTP/1.1"]);
  assert.is(location(await ask(server)), `http://127.0.0.1:${up.port}/f`);
  await server.close();
  await listener.close();
});

test("redirects with a 301 whose body is HTML and whose length is right", async () => {
  const { server } = await balancer({ 1: 5 });
  const answer = await ask(server, "GET /a%20b/c?d=e&f HTTP/1.1\r\nHost: a\r\n\r\n");
  assert.match(answer, /^HTTP\/1.1 301 Moved Permanently\r\n/);
  assert.is(location(answer), "http://up:1/a%20b/c?d=e&f");
  const [head, body] = answer.split("\r\n\r\n") as [string, string];
  assert.match(head, `Content-Length: ${body.length}`);
  assert.match(body, /<a href="[^"&]*&#38;f">/);
  await server.close();
});

test("draws by the ranking: slowest first", async () => {
  let random = 0;
  const { server } = await balancer({ 1: 5, 2: 9, 3: 1 }, { random: () => random });
  for (const [number, port] of [[0, 2], [0.2, 1], [0.49, 1], [0.51, 3], [0.99, 3]]) {
    random = number as number;
    assert.is(location(await ask(server)), `http://up:${port}/f`, String(number));
  }
  await server.close();
});

test("ranks anew after a re-test, and drops the dead for good", async () => {
  const made = await balancer({ 1: 5, 2: 9, 3: 1 });
  assert.is(location(await ask(made.server)), "http://up:2/f");
  delete made.times[2];
  made.times[3] = 50;
  await made.retest();
  assert.is(location(await ask(made.server)), "http://up:3/f");
  made.times[2] = 99;
  made.probed.length = 0;
  await made.retest();
  assert.equal(made.probed, [1, 3]);
  assert.is(location(await ask(made.server)), "http://up:3/f");
  assert.is(made.events.filter(([event]) => event === "dropped").length, 1);
  await made.server.close();
});

test("answers 503 when no server is left, and probes no more", async () => {
  const made = await balancer({ 1: 5 });
  delete made.times[1];
  assert.ok(await made.retest());
  assert.match(await ask(made.server), /^HTTP\/1.1 503 /);
  assert.match(await ask(made.server), /^HTTP\/1.1 503 /);
  assert.not.ok(made.scheduled());
  await made.server.close();
});

test("calls off the next round when it is closed, and refuses connections", async () => {
  const made = await balancer({ 1: 5 });
  await made.server.close();
  assert.is(made.cancelled(), 1);
  await made.retest();
  assert.not.ok(made.scheduled(), "a round under way schedules no other");
  assert.is((await failureOf(dial(made.server.port))).code, "ECONNREFUSED");
});

/** Requests, and the status of their answer. */
const ANSWERS: readonly [string, number][] = [
  ["POST /f HTTP/1.1\r\nHost: a\r\n\r\n", 405],
  ["BREW /f HTTP/1.1\r\nHost: a\r\n\r\n", 501],
  ["GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["GET f HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["FOO\r\n\r\n", 400],
  [`GET /${"a".repeat(9000)} HTTP/1.1\r\n`, 414],
  ["GET http://other/f HTTP/1.1\r\nHost: a\r\n\r\n", 301],
  ["GET /%0d%0aX:%20y HTTP/1.1\r\nHost: a\r\n\r\n", 301],
  ["HEAD /f HTTP/1.1\r\nHost: a\r\n\r\n", 301],
];

for (const [text, status] of ANSWERS) {
  test(`answers ${JSON.stringify(text.slice(0, 40))} with ${status}`, async () => {
    const { server } = await balancer({ 1: 5 });
    const answer = await ask(server, text);
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
    assert.not.match(answer, /^X:/m);
    if (text.startsWith("HEAD")) assert.ok(answer.endsWith("\r\n\r\n"), "a HEAD got a body");
    if (status === 405) assert.match(answer, /^Allow: GET, HEAD\r$/m);
    await server.close();
  });
}

test.run();
