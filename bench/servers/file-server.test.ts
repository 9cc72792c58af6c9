import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Runtime } from "../../src/net/mod.ts";
import { Lifetime } from "../lifetime.ts";
import { writeBody } from "./bodies.ts";
import type { Body } from "./bodies.ts";
import { fetchBody } from "./fetch-body.ts";
import { startFileServer } from "./start-file-server.ts";
import type { FileServer } from "./start-file-server.ts";

const RUNTIMES: readonly Runtime[] = ["bun", "deno", "node"];
/** So little to do that a machine under load shows the pace all the same. */
const SLOW_MS = 30;
const FAST = { baseMs: 0, bytesPerSecond: 1e12 };

interface Context {
  life: Lifetime;
  root: string;
  small: Body;
  large: Body;
}

/** When its answers came to requests made all at once, in milliseconds. */
async function answerTimes(url: string, requests: number): Promise<number[]> {
  const startedMs = performance.now();
  const asked = Array.from({ length: requests }, async () => {
    await fetchBody(url);
    return performance.now() - startedMs;
  });
  return await Promise.all(asked);
}

for (const runtime of RUNTIMES) {
  const test = suite<Context>(`file server on ${runtime}`);
  const start = ({ life, root }: Context, pace = FAST): Promise<FileServer> =>
    startFileServer(life, runtime, { root, name: "a", ...pace });

  test.before.each((context) => {
    const life = new Lifetime("ignore");
    const root = join(life.folder, "root");
    mkdirSync(root);
    const small = writeBody(root, "small.bin", 1000, 1);
    Object.assign(context, { life, root, small, large: writeBody(root, "large.bin", 3e6, 1) });
  });
  test.after.each(({ life }) => life.end());

  test("serves the right bytes under its name", async (context) => {
    const { url } = await start(context);
    for (const { name, bytes, sha256 } of [context.small, context.large]) {
      const fetched = await fetchBody(`${url}/${name}`);
      assert.equal(fetched, { status: 200, bytes, sha256, server: "a" });
    }
    assert.is((await fetchBody(`${url}/none`)).status, 404);
  });

  test("serves one request after the other, at the pace of now", async (context) => {
    const server = await start(context, { baseMs: SLOW_MS, bytesPerSecond: 1e12 });
    const url = `${server.url}/small.bin`;
    // The sooner of two ends cannot lie before one service, the later not before two.
    const times = (await answerTimes(url, 4)).sort((a, b) => a - b);
    times.forEach((ms, i) => assert.ok(ms >= (i + 1) * SLOW_MS - 1, `${times}`));
    await server.setPace({ baseMs: 4 * SLOW_MS, bytesPerSecond: 1e12 });
    // Early by what the answer before was late, at most.
    const [slower = 0] = await answerTimes(url, 1);
    assert.ok(slower >= 4 * SLOW_MS - 4, `${slower}`);
  });

  test("takes its time for the bytes too", async (context) => {
    const { url } = await start(context, { baseMs: 0, bytesPerSecond: 3e7 });
    const [ms = 0] = await answerTimes(`${url}/large.bin`, 1);
    assert.ok(ms >= 99, `${ms}`);
  });

  test("flips a bit, or leaves bytes out, where it is told to", async (context) => {
    const server = await start(context);
    const { large } = context;
    await server.spoil("flip");
    const flipped = await fetchBody(`${server.url}/large.bin`);
    assert.equal([flipped.status, flipped.bytes], [200, large.bytes]);
    assert.is.not(flipped.sha256, large.sha256);
    await server.spoil("shorten");
    const short = await fetchBody(`${server.url}/large.bin`);
    assert.equal([short.status, short.bytes], [200, large.bytes / 2]);
  });

  test("tells of its death by its name, with what it said last", async (context) => {
    const server = await start(context);
    const died = new Promise((resolve) => server.died.addEventListener("abort", resolve));
    server.die();
    await died;
    assert.match(
      server.died.reason.message,
      /^server a on .* is gone: .*ended with 1: told to die$/,
    );
  });

  test.run();
}
