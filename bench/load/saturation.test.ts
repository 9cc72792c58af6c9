import { test } from "uvu";
import * as assert from "uvu/assert";
import { isClientLimited } from "./saturation.ts";
import type { Seen } from "./saturation.ts";

const CLOSED: Seen = { client: { busy: 0.5 }, serverBusy: 0.99, rate: undefined };
const OPEN: Seen = { client: { busy: 0.3, lateP99: 80 }, serverBusy: 0.5, rate: 1000 };

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
  ["an open loop in time", OPEN, false],
  ["an open loop that is late", { ...OPEN, client: { busy: 0.3, lateP99: 1001 } }, true],
  ["an open loop that is late as the server is full", {
    ...OPEN,
    client: { busy: 0.3, lateP99: 1001 },
    serverBusy: 1,
  }, true],
  ["an open loop without room", { ...OPEN, client: { busy: 0.96, lateP99: 300 } }, true],
];

for (const [what, seen, limited] of CASES) {
  test(`${what}: ${limited ? "the client is" : "the client is not"} the limit`, () => {
    assert.is(isClientLimited(seen), limited);
  });
}

test.run();
