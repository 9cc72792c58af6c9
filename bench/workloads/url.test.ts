import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Lifetime } from "../lifetime.ts";
import { answer, endLoads, serve } from "../load/test-kit.ts";
import { writeBody } from "../servers/bodies.ts";
import { startFileServer } from "../servers/start-file-server.ts";
import type { FileServer } from "../servers/start-file-server.ts";
import { urlWorkload } from "./url.ts";

const life = new Lifetime("ignore");
const root = join(life.folder, "root");
mkdirSync(root);
const body = writeBody(root, "body.bin", 5000, 1);
const options = { connections: 3, keepAlive: false, sha256: undefined };
let server: FileServer;

test.before(async () => {
  const order = { root, name: "a", baseMs: 1, bytesPerSecond: 1e9 };
  server = await startFileServer(life, "bun", order);
});
test.after(() => {
  life.end();
  endLoads();
});

test("measures a URL whose host has a name, and learns what its body is", async () => {
  const url = `${server.url.replace("127.0.0.1", "localhost")}/body.bin`;
  const workload = await urlWorkload(url, options);
  const { setUps: [setUp] } = workload.plan({ extent: "quick", runtimes: undefined });
  if (!setUp) throw new Error("no set-up");
  assert.is(setUp.parameters["sha256"], body.sha256);
  const open = await workload.open([setUp], { life, extent: "quick", seed: 1, rate: undefined });
  const slice = await open.sample(setUp, 50, new AbortController().signal);
  assert.ok(slice.requests > 0);
  assert.equal([slice.failures, slice.mismatch], [{}, undefined]);
});

test("asks for a name by that name, however often, and on its port", async () => {
  const names = new Set<string>();
  const routing = await serve(({ head, socket }) => {
    const [, name = ""] = /^host: (.*)\r$/im.exec(head) ?? [];
    names.add(name);
    const page = name.startsWith("localhost:") ? "of the name" : "of no name";
    socket.write(answer(page));
  });
  try {
    const url = routing.url.replace("127.0.0.1", "localhost");
    const workload = await urlWorkload(url, { ...options, keepAlive: true });
    const { setUps: [setUp] } = workload.plan({ extent: "quick", runtimes: undefined });
    if (!setUp) throw new Error("no set-up");
    const open = await workload.open([setUp], { life, extent: "quick", seed: 1, rate: undefined });
    const slice = await open.sample(setUp, 50, new AbortController().signal);
    assert.ok(slice.requests > 0);
    assert.equal([slice.failures, slice.mismatch], [{}, undefined]);
    assert.equal([...names], [new URL(url).host]);
  } finally {
    await routing.die();
  }
});

test("takes the body that it is told to expect, and no other", async () => {
  const url = `${server.url}/body.bin`;
  await urlWorkload(url, { ...options, sha256: body.sha256 });
  const other = "0".repeat(64);
  await rejects(urlWorkload(url, { ...options, sha256: other }), `${body.sha256} and not ${other}`);
});

test("says what is wrong with a URL", async () => {
  await rejects(urlWorkload(`${server.url}/none`, options), "answers 404 and not 200");
  await rejects(urlWorkload("ftp://localhost/", options), "is not http://");
});

async function rejects(promise: Promise<unknown>, told: string): Promise<void> {
  const error = await promise.then(() => undefined, (error: Error) => error);
  assert.ok(error?.message.includes(told), error?.message);
}

test.run();
