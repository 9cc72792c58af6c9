import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { NetError } from "../net/mod.ts";
import type { TcpDriver } from "../net/mod.ts";
import { freePort, listenAsPeer } from "../net/test-kit.ts";
import { connectTime } from "./connect-time.ts";
import { measureLatencies } from "./latency.ts";
import { ping, readPing } from "./ping.ts";

const test = suite("latency");

/** What `ping -c 3` of each kind ends with. */
const OUTPUTS: readonly [kind: string, output: string, ms: number | undefined][] = [
  [
    "iputils",
    "3 packets transmitted, 3 received, 0% packet loss, time 2003ms\n" +
    "rtt min/avg/max/mdev = 334.102/335.148/336.907/1.226 ms\n",
    335.148,
  ],
  ["iputils with a pipe", "rtt min/avg/max/mdev = 0.1/162.8/0.3/0.1 ms, pipe 2\n", 162.8],
  [
    "BusyBox",
    "3 packets transmitted, 3 packets received, 0% packet loss\n" +
    "round-trip min/avg/max = 0.061/0.074/0.088 ms\n",
    0.074,
  ],
  ["macOS and BSD", "round-trip min/avg/max/stddev = 155.9/156.857/158.1/0.9 ms\n", 156.857],
  ["a host that is down", "3 packets transmitted, 0 received, 100% packet loss\n", undefined],
  ["no ping at all", "", undefined],
];

for (const [kind, output, ms] of OUTPUTS) {
  test(`reads what ping prints: ${kind}`, () => assert.is(readPing(output), ms));
}

test("ping runs in the C locale, with three echoes, whatever the user's locale", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mdalp-ping-"));
  const { PATH, LC_ALL } = process.env;
  const program = '#!/bin/sh\n[ "$LC_ALL$1$2" = C-c3 ] && ' +
    'echo "rtt min/avg/max/mdev = 1/7.5/9/0.1 ms"\n';
  writeFileSync(join(folder, "ping"), program);
  chmodSync(join(folder, "ping"), 0o755);
  process.env.PATH = `${folder}${delimiter}${PATH}`;
  process.env.LC_ALL = "de_DE.UTF-8";
  try {
    assert.is(await ping("127.0.0.1"), 7.5);
  } finally {
    process.env.PATH = PATH;
    if (LC_ALL === undefined) delete process.env.LC_ALL;
    else process.env.LC_ALL = LC_ALL;
    rmSync(folder, { recursive: true });
  }
});

test("a connection is timed whether it is accepted or refused", async () => {
  const listener = await listenAsPeer(() => {});
  const accepted = await connectTime("127.0.0.1", listener.port);
  await listener.close();
  const refused = await connectTime("127.0.0.1", await freePort());
  assert.ok(accepted !== undefined && accepted > 0, String(accepted));
  assert.ok(refused !== undefined && refused > 0, String(refused));
});

test("the median of three connections, and nothing where there is no answer", async () => {
  const waits = [90, 10, 30];
  const slow: TcpDriver = {
    listen: () => Promise.reject(new Error("not used")),
    connect: () =>
      new Promise((_, reject) =>
        setTimeout(() => reject(new NetError("ECONNREFUSED", "refused")), waits.shift())
      ),
  };
  const median = await connectTime("x", 1, undefined, slow) as number;
  assert.ok(median > 25 && median < 90, String(median));
  const silent: TcpDriver = {
    ...slow,
    connect: () => Promise.reject(new NetError("ETIMEDOUT", "no answer")),
  };
  assert.is(await connectTime("x", 1, undefined, silent), undefined);
});

/** Measures two receivers; each way answers with the figures given for a and b. */
function measure(pings: (number | undefined)[], connections: (number | undefined)[]) {
  const of = (figures: (number | undefined)[]) => (address: string) =>
    Promise.resolve(figures[address === "a" ? 0 : 1]);
  return measureLatencies(["a", "b"], 4650, { latency: of(pings), connectTime: of(connections) });
}

test("pings of all are used as they are", async () => {
  assert.equal(await measure([300, 100], []), { how: "ping", ms: [300, 100] });
});

test("where one has no ping, none is used: all are timed by connections", async () => {
  assert.equal(await measure([300, undefined], [20, 10]), { how: "tcp", ms: [20, 10] });
});

test("where that fails too for one, nothing is known", async () => {
  assert.equal(await measure([undefined, undefined], [20, undefined]), { how: "none" });
});

test("below a millisecond all are alike: no share follows from noise", async () => {
  assert.equal(await measure([0.03, 0.4], []), { how: "ping", ms: [1, 1] });
});

test("all receivers are measured at once", async () => {
  let running = 0;
  let most = 0;
  const latency = async () => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    return 1;
  };
  await measureLatencies(["a", "b", "c"], 1, { latency, connectTime: latency });
  assert.is(most, 3);
});

test.run();
