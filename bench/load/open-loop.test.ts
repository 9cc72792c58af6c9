import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Asked } from "./test-kit.ts";
import { answer, BODY, endLoads, loadOn } from "./test-kit.ts";

test.after(endLoads);

const STALL_MS = 300;

/** Answers in turn; holds all answers back for a while at one request. */
function stallingAt(stalled: number): (asked: Asked) => void {
  const held: Asked[] = [];
  let holds = false;
  const reply = ({ socket }: Asked) => socket.write(answer(BODY));
  return (asked) => {
    if (asked.serial === stalled) {
      holds = true;
      setTimeout(() => {
        holds = false;
        for (const one of held) reply(one);
      }, STALL_MS);
    }
    if (holds) held.push(asked);
    else reply(asked);
  };
}

test("a stall shows in every request that it held up, with a few connections as well", async () => {
  for (const connections of [2, 100]) {
    const load = { rate: 200, durationMs: 1000, connections };
    const { requests, failures, latency } = await loadOn(stallingAt(50), load);
    assert.equal([requests, failures], [200, {}]);
    // 60 requests were due in the stall, the last of them at its very end: 40 waited a third of it at least.
    const waited = latency.totalCount - countBelow(latency, STALL_MS * 1000 / 3);
    assert.ok(waited >= 35, `${connections} connections: ${waited} waited`);
    const p99 = latency.getValueAtPercentile(99);
    assert.ok(p99 >= STALL_MS * 1000 * 0.9, `${connections} connections: p99 ${p99} us`);
  }
});

test("a closed loop hides that stall", async () => {
  const load = { connections: 1, durationMs: 600 };
  const { requests, latency } = await loadOn(stallingAt(50), load);
  const waited = latency.totalCount - countBelow(latency, STALL_MS * 1000 / 3);
  assert.ok(requests > 50, `${requests} requests`);
  assert.ok(waited < requests / 5, `${waited} of ${requests} waited`);
});

function countBelow(latency: Awaited<ReturnType<typeof loadOn>>["latency"], us: number): number {
  let count = 0;
  for (let percentile = 0; percentile < 100; percentile += 0.25) {
    if (latency.getValueAtPercentile(percentile) < us) {
      count = Math.ceil(latency.totalCount * percentile / 100);
    }
  }
  return count;
}

test("requests that are still waiting at the end are counted as what they are", async () => {
  const load = { rate: 500, durationMs: 100, connections: 2, timeoutMs: 200 };
  const { requests, failures } = await loadOn(({ socket, serial }) => {
    if (serial < 10) socket.write(answer(BODY));
  }, load);
  assert.is(requests, 10);
  assert.equal(Object.keys(failures).sort(), ["timeout", "unsent"]);
  assert.is((failures.timeout ?? 0) + (failures.unsent ?? 0), 40);
  assert.ok((failures.timeout ?? 0) >= 2, JSON.stringify(failures));
});

test("requests that fail count in the latencies with their time at least", async () => {
  const load = { rate: 500, durationMs: 100, connections: 50, timeoutMs: 200 };
  const { latency, failures } = await loadOn(({ socket, serial }) => {
    if (serial < 40) socket.write(answer(BODY));
    else if (serial < 45) socket.destroy();
  }, load);
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  assert.is(failed, 10);
  assert.is(latency.totalCount, 50);
  assert.ok(latency.getValueAtPercentile(50) < 200_000);
  assert.ok(latency.getValueAtPercentile(81) >= 200_000, "the eleventh from above is the first");
});

test("what waits longer than its time is served late while there is time", async () => {
  const load = { rate: 500, durationMs: 100, connections: 1 };
  const { requests, failures } = await loadOn(({ socket }) => {
    setTimeout(() => socket.write(answer(BODY)), 10);
  }, load);
  assert.equal([requests, failures], [50, {}]);
});

test("begins as many requests as the rate and the time say", async () => {
  for (const [rate, durationMs, count] of [[1000, 200, 200], [7, 1000, 7], [3, 100, 1]]) {
    const { requests, client } = await loadOn(
      ({ socket }) => socket.write(answer(BODY)),
      { rate, durationMs, connections: 10 },
    );
    assert.is(requests, count);
    assert.is(client.late?.totalCount, count);
  }
});

test("watching the clock is not taken for work", async () => {
  // So many begin that the clock is watched all the time, for next to no work.
  const { client } = await loadOn(
    ({ socket }) => socket.write(answer(BODY)),
    { rate: 600, durationMs: 500, connections: 10 },
  );
  assert.ok(client.busy < 0.9, `busy ${client.busy}`);
});

test.run();
