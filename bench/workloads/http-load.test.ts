import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Lifetime } from "../lifetime.ts";
import { startLoadGenerator } from "../load/generator.ts";
import type { LoadGenerator } from "../load/plan.ts";
import { writeBody } from "../servers/bodies.ts";
import { startFileServer } from "../servers/start-file-server.ts";
import type { FileServer } from "../servers/start-file-server.ts";
import { sampleHttp } from "./http-load.ts";
import type { HttpTarget } from "./http-load.ts";

const CLOSED = { rate: undefined };

interface Context {
  life: Lifetime;
  generator: LoadGenerator;
  server: FileServer;
  target: HttpTarget;
}

const test = suite<Context>("load on a set-up");

test.before.each(async (context) => {
  const life = new Lifetime("ignore");
  const root = join(life.folder, "root");
  mkdirSync(root);
  const { name, sha256, bytes } = writeBody(root, "body.bin", 10_000, 1);
  const order = { root, name: "a", baseMs: 1, bytesPerSecond: 1e9 };
  const server = await startFileServer(life, "bun", order);
  const target: HttpTarget = {
    plan: {
      url: `${server.url}/${name}`,
      expect: { kind: "body", sha256, bytes },
      connections: 4,
      keepAlive: true,
      follow: false,
    },
    servers: [server],
    measured: [server],
  };
  const generator = startLoadGenerator(life, { workers: 1 });
  Object.assign(context, { life, generator, server, target });
});

test.after.each(({ life }) => life.end());

test("counts what came whole, by server", async ({ generator, target }) => {
  const slice = await sampleHttp(generator, target, CLOSED, 100, new AbortController().signal);
  assert.ok(slice.requests > 0);
  assert.is(slice.bytes, slice.requests * 10_000);
  assert.equal(slice.servers, { a: slice.requests });
  assert.equal(slice.failures, {});
  assert.is(slice.mismatch, undefined);
  assert.ok((slice.serverBusy as number) >= 0 && (slice.serverBusy as number) <= 1);
});

test("a request takes at least its place in the queue of a paced server", async (context) => {
  const { generator, server, target } = context;
  await server.setPace({ baseMs: 20, bytesPerSecond: 1e12 });
  const slice = await sampleHttp(generator, target, CLOSED, 200, new AbortController().signal);
  // One is served at a time: so many cannot be over in less, but for one that is early after a late one.
  const leastMs = (slice.requests - 1) * 20;
  assert.ok(slice.wallMs >= leastMs, `${slice.requests} in ${slice.wallMs} ms`);
});

test("asks at the rate of an open loop", async ({ generator, target }) => {
  const rated = { rate: 100 };
  const slice = await sampleHttp(generator, target, rated, 500, new AbortController().signal);
  assert.is(slice.requests, 50);
  assert.is(slice.client?.late?.totalCount, slice.requests);
  assert.ok(slice.wallMs >= 500, `${slice.wallMs} ms`);
});

test("a flipped bit and a short body are no transfers", async ({ generator, server, target }) => {
  const { signal } = new AbortController();
  // Where the first wrong byte is can be told once a right body was seen.
  await sampleHttp(generator, target, CLOSED, 50, signal);
  for (const [how, bytes] of [["flip", 10_000], ["shorten", 5000]] as const) {
    await server.spoil(how);
    const slice = await sampleHttp(generator, target, CLOSED, 100, signal);
    assert.is(slice.requests, 0);
    assert.is(slice.mismatch?.actualBytes, bytes);
    assert.is(slice.mismatch?.at, 5000);
    assert.is.not(slice.mismatch?.actualSha256, slice.mismatch?.expectedSha256);
  }
});

test("a server that dies ends the sample with its name and its last words", async (context) => {
  const { generator, server, target } = context;
  const { signal } = new AbortController();
  const dying = sampleHttp(generator, target, CLOSED, 60_000, signal);
  server.die();
  const told = /^server a on bun is gone: .* ended with 1: told to die$/;
  await rejects(dying, told);
  await rejects(sampleHttp(generator, target, CLOSED, 100, signal), told);
});

test("ends with the signal's reason", async ({ generator, target }) => {
  const stop = new AbortController();
  const sample = sampleHttp(generator, target, CLOSED, 60_000, stop.signal);
  stop.abort(new Error("stopped"));
  await rejects(sample, /^stopped$/);
});

async function rejects(promise: Promise<unknown>, told: RegExp): Promise<void> {
  const error = await promise.then(() => undefined, (error: Error) => error);
  assert.match(error?.message ?? "nothing was told", told);
}

test.run();
