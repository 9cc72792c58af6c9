import { test } from "uvu";
import * as assert from "uvu/assert";
import { Health, startProxy, STRATEGIES, UpstreamTable } from "../../src/proxy/mod.ts";
import { silentLog } from "../../src/redirect/log.ts";
import { askThrough, startFaultyServers } from "./faults.ts";

test("over failing servers each answer is right, a clear refusal, or broken off", async () => {
  const servers = await startFaultyServers();
  const table = new UpstreamTable();
  const listed = servers.addresses.map((address) => table.at(address));
  const now = () => performance.now();
  const strategy = STRATEGIES["round-robin"]({ listed });
  const proxy = await startProxy({
    host: "127.0.0.1",
    port: 0,
    strategy,
    listed,
    table,
    health: new Health({ now, restMs: 0 }),
    connectMs: 2000,
    answerMs: 100,
    log: silentLog,
  });
  try {
    const { right, refused, broken, wrong } = await askThrough(proxy.port, 200, 10);
    assert.equal(wrong, []);
    assert.is(right + refused + broken, 200);
    // In turn over five: two right, one whose turn the next one takes, one silent, one that resets.
    assert.ok(
      right >= 80 && refused >= 20 && broken + refused >= 40,
      `${right} ${refused} ${broken}`,
    );
    assert.equal(listed.map(({ inFlight }) => inFlight), [0, 0, 0, 0, 0]);
  } finally {
    await proxy.close();
    await servers.close();
  }
});

test.run();
