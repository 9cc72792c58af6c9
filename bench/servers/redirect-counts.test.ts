import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomSource, startBalancer } from "../../src/redirect/mod.ts";
import { Lifetime } from "../lifetime.ts";
import { redirectCounts } from "./redirect-counts.ts";
import { startFileServer } from "./start-file-server.ts";

const life = new Lifetime("ignore");
test.after(() => life.end());

async function balancer(ports: readonly number[]) {
  return await startBalancer({
    host: "127.0.0.1",
    port: 0,
    upstreams: ports.map((port) => ({ host: "127.0.0.1", port })),
    intervalMs: 1e6,
    probePath: "/",
    random: randomSource(1),
    log: () => {},
  });
}

test("counts the redirects to each server", async () => {
  const root = join(life.folder, "root");
  mkdirSync(root);
  const order = { root, name: "a", baseMs: 0, bytesPerSecond: 1e12 };
  const started = [startFileServer(life, "bun", order), startFileServer(life, "bun", order)];
  const ports = (await Promise.all(started)).map(({ url }) => Number(new URL(url).port));
  const { port, close } = await balancer(ports);
  const counts = await redirectCounts(`http://127.0.0.1:${port}`, 3000);
  await close();
  assert.equal([...counts.keys()].sort(), ports.map((port) => `127.0.0.1:${port}`).sort());
  const [least = 0, most = 0] = [...counts.values()].sort((a, b) => a - b);
  assert.is(least + most, 3000);
  // Shares of 1:2, within six standard deviations.
  assert.ok(Math.abs(least - 1000) < 155, `${least}`);
});

test("a balancer without servers gives no redirects", async () => {
  const { port, close } = await balancer([]);
  const error = await redirectCounts(`http://127.0.0.1:${port}`, 2).catch((error) => error);
  await close();
  assert.match(error.message, /gave 0 redirects to 2 requests/);
});

test.run();
