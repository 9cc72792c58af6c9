import { test } from "uvu";
import * as assert from "uvu/assert";
import { createServer } from "node:net";
import { FIRST_PORT, LAST_PORT, PortPool } from "./port-pool.ts";
import { failureOf } from "./test-kit.ts";

test("gives ports of the range, none twice, to askers at the same time", async () => {
  const pool = new PortPool();
  const taken = (await Promise.all([pool.take(20), pool.take(20), pool.take(20)])).flat();
  assert.is(new Set(taken).size, 60);
  assert.ok(taken.every((port) => port >= FIRST_PORT && port <= LAST_PORT));
});

for (const host of ["127.0.0.1", "127.9.8.7", "0.0.0.0", "::"]) {
  test(`passes over a port that is bound on ${host}`, async () => {
    const pool = new PortPool();
    const [last] = await pool.take(1) as [number];
    const server = createServer();
    const next = last === LAST_PORT ? FIRST_PORT : last + 1;
    const listening = await new Promise<boolean>((done) => {
      server.once("error", () => done(false)).listen(next, host, () => done(true));
    });
    const taken = await pool.take(5);
    if (listening) await new Promise((done) => server.close(done));
    assert.is(taken.length, 5);
    assert.not.ok(taken.includes(next), `${next} is bound`);
  });
}

test("gives a released port again only after all others", async () => {
  const pool = new PortPool();
  const [first] = await pool.take(1) as [number];
  pool.release([first]);
  assert.is.not((await pool.take(1))[0], first);
});

test("says that the range is too small, and keeps none", async () => {
  const pool = new PortPool();
  const error = await failureOf(pool.take(LAST_PORT - FIRST_PORT + 2));
  assert.match(error.message, /12001 free ports wanted, \d+ found from 20000 to 31999/);
  assert.is((await pool.take(3)).length, 3);
});

test.run();
