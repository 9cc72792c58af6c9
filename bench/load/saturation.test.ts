import { test } from "uvu";
import * as assert from "uvu/assert";
import { isClientLimited } from "./saturation.ts";
import type { Seen } from "./saturation.ts";

const CLOSED: Seen = { client: { busy: 0.5 }, serverBusy: 0.99, rate: undefined, latencyP99: 900 };
const OPEN: Seen = {
  client: { busy: 0.3, lateP99: 80 },
  serverBusy: 0.5,
  rate: 1000,
  latencyP99: 900,
};

function closed(busy: number, serverBusy: number | undefined): Seen {
  return { ...CLOSED, client: { busy }, serverBusy };
}

const CASES: readonly [what: string, seen: Seen, limited: boolean][] = [
  ["a client with room", CLOSED, false],
  ["a client without room, the server has some", {
    ...CLOSED,
    client: { busy: 0.97 },
    serverBusy: 0.7,
  }, true],
  ["a client without room, the server unknown", {
    ...CLOSED,
    client: { busy: 0.95 },
    serverBusy: undefined,
  }, true],
  ["neither has room", { ...CLOSED, client: { busy: 0.97 } }, false],
  ["neither is busy", { ...CLOSED, serverBusy: 0.1 }, false],
  ["a client that is full as is a server of 0.95", closed(1, 0.95), false],
  ["a nearly full client beside a server with room", closed(0.92, 0.69), true],
  ["a nearly full client beside a server that is hardly less busy", closed(0.92, 0.88), false],
  ["a nearly full client beside a server that is busier", closed(0.85, 0.9), false],
  ["a client of 0.8, the server idle", closed(0.8, 0.1), true],
  ["a client below 0.8, the server idle", closed(0.79, 0.1), false],
  ["a nearly full client, the server unknown", closed(0.94, undefined), false],
  ["a full client beside a server of 0.94", closed(0.95, 0.94), true],
  ["an open loop in time", OPEN, false],
  ["an open loop that is late", { ...OPEN, client: { busy: 0.3, lateP99: 1001 } }, true],
  ["an open loop that is late by less than half of what the server takes", {
    ...OPEN,
    client: { busy: 0.3, lateP99: 2400 },
    latencyP99: 5000,
  }, false],
  ["an open loop whose latencies are mostly its own lateness", {
    ...OPEN,
    client: { busy: 0.3, lateP99: 2600 },
    latencyP99: 5000,
  }, true],
  ["an open loop that is late as the server is full", {
    ...OPEN,
    client: { busy: 0.3, lateP99: 1001 },
    serverBusy: 1,
  }, true],
  ["an open loop that is nearly full, the server idle", {
    ...OPEN,
    client: { busy: 0.9, lateP99: 80 },
    serverBusy: 0.1,
  }, false],
  ["an open loop without room", { ...OPEN, client: { busy: 0.96, lateP99: 300 } }, true],
];

for (const [what, seen, limited] of CASES) {
  test(`${what}: ${limited ? "the client is" : "the client is not"} the limit`, () => {
    assert.is(isClientLimited(seen), limited);
  });
}

test.run();
