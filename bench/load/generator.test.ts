import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { failureOf, latch, within } from "../../src/net/test-kit.ts";
import { Lifetime } from "../lifetime.ts";
import { shareOut, startLoadGenerator } from "./generator.ts";
import { answer, BODY, endLoads, planFor, serve } from "./test-kit.ts";

const life = new Lifetime("ignore");
const pair = startLoadGenerator(life, { workers: 2 });
const never = new AbortController().signal;

test.after(() => {
  endLoads();
  life.end();
});

test("connections are shared out evenly, and no worker is without", () => {
  const shares = (connections: number, workers: number) =>
    shareOut(planFor("http://127.0.0.1:1/", { connections }), workers)
      .map(({ plan, index, of }) => [plan.connections, index, of]);
  assert.equal(shares(50, 1), [[50, 0, 1]]);
  assert.equal(shares(5, 3), [[2, 0, 3], [2, 1, 3], [1, 2, 3]]);
  assert.equal(shares(2, 3), [[1, 0, 2], [1, 1, 2]]);
});

test("a worker has a request of an open loop at least", () => {
  const used = (rate: number, durationMs: number) =>
    shareOut(planFor("http://127.0.0.1:1/", { connections: 9, rate, durationMs }), 4).length;
  assert.equal([used(1, 100), used(20, 100), used(21, 100), used(1000, 100)], [1, 2, 3, 4]);
});

const IMPOSSIBLE = [["connections", 0], ["rate", 0], ["rate", NaN], ["timeoutMs", 0], [
  "rampMs",
  -1,
]] as const;

for (const [name, value] of IMPOSSIBLE) {
  test(`refuses a plan with ${name} ${value}`, async () => {
    const plan = planFor("http://127.0.0.1:1/", { [name]: value });
    const error = await failureOf(pair.run(plan, never));
    assert.is(error.code, "load-plan");
    assert.match(error.message, `${name} ${value} must be a number of at least`);
  });
}

test("what two workers did is one result", async () => {
  const stand = await serve(({ socket, connection, serial }) => {
    socket.write(
      serial === 30
        ? "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n"
        : answer(BODY, `X-Server: c${connection}`),
    );
  });
  const plan = planFor(stand.url, { connections: 3, rate: 500, durationMs: 200 });
  const result = await pair.run(plan, never);
  assert.is(stand.seen(), 3);
  assert.equal([result.requests, result.bytes], [99, 99 * BODY.length]);
  assert.equal(result.failures, { "status 502": 1 });
  assert.is(result.latency.totalCount, 100);
  assert.equal(Object.keys(result.servers ?? {}).sort(), ["c0", "c1", "c2"]);
  assert.is(Object.values(result.servers ?? {}).reduce((sum, count) => sum + count), 99);
  // From the first intended start to the end of the last, which was to start after 198 ms.
  assert.ok(result.wallMs >= 190, `${result.wallMs} ms`);
  assert.ok(result.client.busy >= 0 && result.client.busy <= 1);
  await stand.die();
});

test("the workers of an open loop begin in turn", async () => {
  const stand = await serve(({ socket }) => socket.write(answer(BODY)));
  const plan = planFor(stand.url, { connections: 2, rate: 2, durationMs: 1000 });
  const { requests, wallMs } = await pair.run(plan, never);
  assert.is(requests, 2);
  assert.ok(wallMs >= 400, `${wallMs} ms from one to the other, half a second apart`);
  await stand.die();
});

test("two closed loops go on for the time that they were given", async () => {
  const stand = await serve(({ socket }) => socket.write(answer(BODY)));
  const result = await pair.run(planFor(stand.url, { connections: 4, durationMs: 100 }), never);
  assert.ok(result.wallMs >= 100, `${result.wallMs} ms`);
  assert.ok(result.requests >= 4);
  assert.equal(result.failures, {});
  await stand.die();
});

test("of two closed loops counts what ends behind the ramp, and every failure", async () => {
  let answered = 0;
  const stand = await serve(({ socket, serial }) => {
    if (serial === 2) return socket.write("HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n");
    answered++;
    socket.write(answer(BODY, "X-Server: a"));
  });
  const plan = planFor(stand.url, { connections: 4, rampMs: 60, durationMs: 60 });
  const { requests, bytes, latency, servers, failures, wallMs, loadMs } = await pair.run(
    plan,
    never,
  );
  assert.ok(requests > 0 && requests < answered, `${requests} of ${answered}`);
  assert.equal([bytes, latency.totalCount], [requests * BODY.length, requests]);
  assert.equal(servers, { a: requests });
  assert.equal(failures, { "status 502": 1 });
  assert.ok(wallMs >= 60 && loadMs >= 120, `${wallMs} of ${loadMs} ms`);
  await stand.die();
});

test("where nothing ends in the window, all that was begun counts over its time", async () => {
  const stand = await serve(({ socket }) => setTimeout(() => socket.write(answer(BODY)), 80));
  const plan = planFor(stand.url, { connections: 4, rampMs: 10, durationMs: 20 });
  const { requests, wallMs, loadMs } = await pair.run(plan, never);
  assert.is(requests, 4);
  assert.is(wallMs, loadMs);
  assert.ok(wallMs >= 80, `${wallMs} ms`);
  await stand.die();
});

test("an abort in mid run ends the load and rejects with its reason", async () => {
  const asked = latch();
  const stand = await serve(({ serial }) => {
    if (serial === 3) asked.open();
  });
  const plan = planFor(stand.url, { connections: 4, durationMs: 600_000, timeoutMs: 600_000 });
  const abort = new AbortController();
  const running = failureOf(pair.run(plan, abort.signal));
  await within("four requests", asked.promise);
  const reason = new Error("that is enough");
  abort.abort(reason);
  assert.is(await running, reason);
  // The same workers take the next plan, and nothing is left of the last one.
  const other = await serve(({ socket }) => socket.write(answer(BODY)));
  const { requests } = await pair.run(planFor(other.url, { connections: 4 }), never);
  assert.is(requests, 4);
  await within("the end of the connections", gone(stand.open));
  await stand.die();
  await other.die();
});

async function gone(open: () => number): Promise<void> {
  while (open() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("an abort ahead of the run keeps it from beginning", async () => {
  const stand = await serve(({ socket }) => socket.write(answer(BODY)));
  const reason = new Error("not at all");
  const error = await failureOf(pair.run(planFor(stand.url), AbortSignal.abort(reason)));
  assert.is(error, reason);
  assert.is(stand.seen(), 0);
  await stand.die();
});

test("a worker that dies rejects the run, and its server sees the others go", async () => {
  const doomed = startLoadGenerator(life, { workers: 2 });
  const asked = latch();
  const stand = await serve(({ serial }) => {
    if (serial === 1) asked.open();
  });
  const plan = planFor(stand.url, { connections: 2, durationMs: 600_000, timeoutMs: 600_000 });
  const running = failureOf(doomed.run(plan, never));
  await within("a request of each", asked.promise);
  process.kill(doomed.pids[0] as number, "SIGKILL");
  const error = await running;
  assert.match(error.message, "SIGKILL");
  await within("the end of the connections", gone(stand.open));
  await doomed.close();
  await stand.die();
});

test("a worker in the middle of a load ends with its input", async () => {
  const left = startLoadGenerator(life, { workers: 1 });
  const asked = latch();
  const stand = await serve(() => asked.open());
  const plan = planFor(stand.url, { durationMs: 600_000, timeoutMs: 600_000 });
  const running = failureOf(left.run(plan, never));
  await within("a request", asked.promise);
  await left.close();
  assert.match((await running).message, /stopped|ended/);
  await within("the end of the connections", gone(stand.open));
  await stand.die();
});

test.run();
