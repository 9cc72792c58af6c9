/** Our proxy on each runtime beside nginx's proxy_pass and HAProxy, all over the same three servers. */
import { Buffer } from "node:buffer";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lifetime } from "../lifetime.ts";
import { interleave } from "../rounds.ts";
import { growthOf } from "./growth.ts";
import type { Growth } from "./growth.ts";
import type { Options } from "./options.ts";
import { compareAndPrint } from "./print.ts";
import { startHaproxyProxy, startNginxProxy } from "./proxies.ts";
import { ownCommand, startNginx, startOwn } from "./servers.ts";
import type { Server } from "./servers.ts";
import { FILE_BYTES, readerCommand, streamRate } from "./streams.ts";
import { requestRate, wrkCommand } from "./wrk.ts";

/** The load is shared round robin. */
const UPSTREAMS = 3;

const SMALL = "/small.html";
const LARGE = "/large.bin";
const MEGABYTE = 1e6;

interface Proxies {
  readonly own: readonly Server[];
  readonly peers: readonly Server[];
}

/** Starts the servers, with the files that are asked for, and the proxies over them. */
async function startAll(life: Lifetime, options: Options, large: boolean): Promise<Proxies> {
  const root = join(life.folder, large ? "large" : "small");
  mkdirSync(root);
  writeFileSync(join(root, SMALL), "<p>small</p>\n".repeat(8));
  if (large) writeFileSync(join(root, LARGE), Buffer.alloc(FILE_BYTES, "steelyard weighs loads. "));
  const upstreams = [];
  for (let i = 0; i < UPSTREAMS; i++) upstreams.push(await startNginx(life, `root ${root};`));
  const addresses = upstreams.map(({ url }) => url.slice("http://".length));
  const args = [
    "run",
    "proxy",
    "proxy",
    ...addresses,
    "--strategy",
    "round-robin",
    "--log",
    "none",
  ];
  const own: Server[] = [];
  for (const runtime of options.runtimes) {
    own.push(await startOwn(life, runtime, ownCommand(runtime, undefined, args)));
    if (options.before === undefined) continue;
    const command = ownCommand(runtime, options.before, args);
    own.push(await startOwn(life, `${runtime} before`, command));
  }
  return {
    own,
    peers: [await startNginxProxy(life, addresses), await startHaproxyProxy(life, addresses)],
  };
}

export async function measureProxy(life: Lifetime, options: Options) {
  const { own, peers } = await startAll(life, options, false);
  const command = wrkCommand(`URL${SMALL}`, options.seconds).join(" ");
  console.log(`\nsmall body, requests/s: ${command}`);
  const rates = await interleave(
    [...own, ...peers],
    options.rounds,
    ({ url }) => requestRate(life, url + SMALL, options.seconds),
  );
  const show = (rate: number) => rate.toFixed(0);
  return peers.map((peer) => compareAndPrint(rates, own, [peer], show));
}

export async function measureProxyFile(life: Lifetime, options: Options) {
  const { own, peers } = await startAll(life, options, true);
  const memory: Growth[] = [];
  console.log("\nmemory of our proxy beside streams, VmRSS and VmHWM");
  for (const server of own) {
    memory.push(await growthOf(life, server, { warm: SMALL, path: LARGE }));
  }
  const times = Math.max(1, Math.round(options.seconds));
  const command = readerCommand(`URL${LARGE}`, 1).map((part) => JSON.stringify(part)).join(" ");
  console.log(`\n${FILE_BYTES} bytes, MB/s over several clients, each ${times} times: ${command}`);
  const rates = await interleave(
    [...own, ...peers],
    options.rounds,
    ({ url }) => streamRate(life, url + LARGE, times),
  );
  const [nginx] = peers as [Server];
  const show = (rate: number) => (rate / MEGABYTE).toFixed(0);
  return { ...compareAndPrint(rates, own, [nginx], show), memory };
}
