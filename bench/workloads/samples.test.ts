import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Lifetime } from "../lifetime.ts";
import type { OpenOptions, OpenWorkload, SetUp, Workload } from "../model.ts";
import { peers } from "./peers.ts";
import { proxy } from "./proxy.ts";
import { redirect } from "./redirect.ts";

interface Context {
  options: OpenOptions;
}

const test = suite<Context>("samples");

test.before.each((context) => {
  const life = new Lifetime("ignore");
  context.options = { life, extent: "quick", seed: 1, rate: undefined };
});

test.after.each(({ options }) => options.life.end());

const { signal } = new AbortController();

async function opened(
  workload: Workload,
  options: OpenOptions,
  id?: string,
): Promise<{ setUp: SetUp; open: OpenWorkload }> {
  const { setUps } = workload.plan({ extent: options.extent, runtimes: ["bun"] });
  const setUp = setUps.find((one) => id === undefined || one.id === id) as SetUp;
  return { setUp, open: await workload.open([setUp], options) };
}

for (const workload of [redirect, proxy, peers]) {
  test(`the first set-up of ${workload.name} can be measured`, async ({ options }) => {
    const { setUp, open } = await opened(workload, options);
    const slice = await open.sample(setUp, 50, signal);
    assert.ok(slice.requests > 0, JSON.stringify(slice.failures));
    assert.equal(slice.failures, {});
    assert.is(slice.mismatch, undefined);
    assert.is(slice.latency.totalCount, slice.requests);
    assert.ok(slice.wallMs > 0 && slice.client && slice.serverBusy !== undefined);
  });
}

test("a balanced transfer has its phases, and each server its share", async ({ options }) => {
  const { setUp, open } = await opened(redirect, options, "1kB/3-servers/bun");
  const { requests, phases = {}, servers = {} } = await open.sample(setUp, 1000, signal);
  assert.equal(Object.keys(phases).sort(), ["body", "connect", "redirect"]);
  for (const phase of Object.values(phases)) assert.is(phase.totalCount, requests);
  // Shares of 3:2:1 by rank: one of several hundred in another order would be 1 in 10,000.
  const { a = 0, b = 0, c = 0 } = servers;
  assert.is(a + b + c, requests);
  assert.ok(a > c && b > 0 && c > 0, JSON.stringify(servers));
});

test("round robin gives equal shares, none gives all to the first", async ({ options }) => {
  const even = await opened(proxy, options, "unequal/round-robin/bun");
  const { servers = {}, requests } = await even.open.sample(even.setUp, 500, signal);
  assert.equal(Object.keys(servers).sort(), ["a", "b", "c"]);
  // What is in flight when the window begins and ends is shared out too, but not counted.
  const inFlight = even.setUp.parameters.connections as number;
  for (const count of Object.values(servers)) {
    assert.ok(Math.abs(count - requests / 3) <= inFlight, JSON.stringify(servers));
  }
  assert.ok(requests > 6 * inFlight, `${requests} requests`);
});

test("without a strategy the first upstream gets all", async ({ options }) => {
  const single = await opened(proxy, options, "unequal/none/bun");
  const { servers = {}, requests } = await single.open.sample(single.setUp, 50, signal);
  assert.equal(servers, { a: requests });
});

/** The children of this process whose command line holds a text; Linux only. */
function children(holding: string): number[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      const parent = /^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "latin1"))?.[1];
      const command = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ");
      return Number(parent) === process.pid && command.includes(holding);
    } catch {
      return false;
    }
  }).map(Number);
}

const KILLED = [
  {
    workload: redirect,
    id: "1kB/3-servers/bun",
    what: "redirect balancer",
    name: "balancer on bun",
  },
  { workload: proxy, id: "equal/round-robin/bun", what: "proxy proxy", name: "proxy on bun" },
  { workload: peers, id: "file/bun", what: "redirect server", name: "server on bun" },
];

for (const { workload, id, what, name } of KILLED) {
  test(`${workload.name} tells that its ${name} was killed`, async ({ options }) => {
    const { setUp, open } = await opened(workload, options, id);
    const sample = open.sample(setUp, 60_000, signal);
    const [pid, ...others] = children(`run ${what}`);
    assert.equal(others, []);
    process.kill(pid as number, "SIGKILL");
    const error = await sample.then(() => undefined, (error: Error) => error);
    assert.ok(error?.message.startsWith(`${name} is gone: `), error?.message);
    assert.match(error?.message ?? "", /ended with SIGKILL/);
  });
}

test.run();
