/** Transfers between the two sides of one process, where a part of the receivers can be another one. */
import { Buffer } from "node:buffer";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { receiverParts } from "../../src/mdalp/mod.ts";
import type { ReceiverParts } from "../../src/mdalp/mod.ts";
import { failureOf, within } from "../../src/net/test-kit.ts";
import { summarize } from "../histogram.ts";
import { measureTransfer } from "./measure-transfer.ts";
import type { Side, Sides } from "./measure-transfer.ts";
import type { Order } from "./order.ts";
import { payloadOf, sha256Of } from "./payload.ts";
import { sendingServices } from "./send-transfer.ts";
import { servingServices } from "./serve-transfer.ts";
import { sampleTransfers } from "./slice-of-transfers.ts";

const test = suite("measured transfers");

const FEW: Order = {
  bytes: 3050,
  lossPercent: 0,
  latenciesMs: [6, 3, 2],
  receivers: ["A", "B", "C"],
  only: null,
  timesFaster: 50,
  atATime: 1,
};

const never = new AbortController().signal;

/** Plain JSON goes either way, as between processes. */
function local(services: Readonly<Record<string, (given: never) => unknown>>): Side {
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value ?? null));
  return {
    call: async <Result>(name: string, given: unknown) => {
      const service = services[name] as (given: unknown) => unknown;
      return plain(await service(plain(given))) as Result;
    },
  };
}

function sidesWith(parts: Partial<ReceiverParts> = {}): Sides {
  return {
    servers: local(servingServices({ ...receiverParts, ...parts })),
    client: local(sendingServices()),
  };
}

const sample = (order: Order, sides = sidesWith(), seeds = [1], signal = never) =>
  within("a sample", sampleTransfers(sides, order, seeds, signal), 30_000);

test("a balanced transfer is delivered in shares by inverse latency", async () => {
  const slice = await sample(FEW);
  assert.equal(slice.servers, { A: 5, B: 10, C: 16 });
  assert.equal(slice.failures, {});
  assert.is(slice.requests, 1);
  assert.is(slice.bytes, 3050);
  assert.is(slice.counts?.packets, 31);
  assert.is(slice.counts?.lost, 0);
  assert.is(slice.latency.totalCount, 31);
  assert.ok(summarize(slice.latency).min >= 1990, "no ack comes before the least latency");
  // N/S is 31 ms, and the shares that whole packets allow take 32 ms.
  assert.ok((slice.value ?? 0) >= 32 / 31, String(slice.value));
  const sent = slice.sequence?.filter(({ kind }) => kind === "sent");
  assert.equal(sent?.map(({ sequence }) => sequence).sort((a, b) => a - b), [
    ...Array(31).keys(),
  ]);
});

for (const [only, name, leastRatio] of [[0, "A", 6], [1, "B", 3], [2, "C", 2]] as const) {
  test(`a transfer to ${name} alone is delivered, and set against the bound of all three`, async () => {
    const slice = await sample({ ...FEW, only });
    assert.equal(slice.servers, { A: 0, B: 0, C: 0, [name]: 31 });
    assert.equal(slice.failures, {});
    assert.is(slice.requests, 1);
    assert.ok((slice.value ?? 0) >= leastRatio, String(slice.value));
  });
}

test("what is lost is sent again, the same packets for the same seed", async () => {
  // With timeouts of 400 ms and more, so that none ends early on a busy machine.
  const lossy = { ...FEW, bytes: 1500, lossPercent: 15, only: 1, timesFaster: 1 };
  const slices = await Promise.all([1, 1, 2].map((seed) => sample(lossy, sidesWith(), [seed])));
  const again = slices.map(({ sequence = [] }) =>
    sequence.filter(({ kind }) => kind === "again").map((point) => point.sequence)
  );
  assert.equal(again, [[0, 9], [0, 9], [2, 6, 14]]);
  assert.equal(slices.map(({ counts }) => counts?.lost), [2, 2, 3]);
  assert.equal(slices.map(({ counts }) => counts?.timeouts), [2, 2, 3]);
  assert.equal(slices.map(({ requests }) => requests), [1, 1, 1]);
});

test("several transfers at a time are one sample", async () => {
  const slice = await sample(FEW, sidesWith(), [1, 2, 3]);
  assert.is(slice.requests, 3);
  assert.is(slice.bytes, 3 * 3050);
  assert.equal(slice.servers, { A: 15, B: 30, C: 48 });
  assert.is(slice.latency.totalCount, 93);
});

test("a byte that a receiver changes is a mismatch, by SHA-256 and with its place", async () => {
  const flipped = Buffer.from(payloadOf(FEW.bytes));
  flipped[307] = (flipped[307] as number) ^ 1;
  const sides = sidesWith({
    take: (kept, seq, payload) => kept.take(seq, seq === 3 ? flipped.subarray(300, 400) : payload),
  });
  const slice = await sample(FEW, sides);
  assert.match(slice.mismatch?.url ?? "", /^mdalp:\/\/127\.\d+\.\d+\.1:\d+$/);
  assert.equal({ ...slice.mismatch, url: "" }, {
    url: "",
    expectedBytes: 3050,
    expectedSha256: sha256Of(payloadOf(3050)),
    actualBytes: 3050,
    actualSha256: sha256Of(flipped),
    at: 307,
  });
  assert.is(slice.requests, 0);
  assert.is(slice.value, undefined);
});

test("a last packet that loses a byte is a mismatch from there on", async () => {
  const sides = sidesWith({
    take: (kept, seq, payload) => kept.take(seq, seq === 30 ? payload.subarray(1) : payload),
  });
  const { mismatch } = await sample({ ...FEW, bytes: 3051 }, sides);
  assert.is(mismatch?.actualBytes, 3050);
  assert.is(mismatch?.at, 3000);
});

test("a verdict other than the expected one is a failure by name", async () => {
  // Of under ten packets no split is a violation.
  const slice = await sample({ ...FEW, bytes: 500, only: 0 });
  assert.equal(slice.failures, { "no load balancing violation": 1 });
  assert.is(slice.requests, 0);
  assert.is(slice.value, undefined);
});

test("packets that are acknowledged and not kept are incomplete data", async () => {
  const sides = sidesWith({ take: (kept, seq, payload) => seq === 4 || kept.take(seq, payload) });
  assert.equal((await sample(FEW, sides)).failures, { "incomplete data": 1 });
});

test("a transfer that the client gives up is a failure by its code", async () => {
  assert.equal((await sample({ ...FEW, only: 7 })).failures, { "no-such-receiver": 1 });
});

test("aborting in the middle ends the transfer at both sides, with the reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  let taken = 0;
  const sides = sidesWith({
    take(kept, seq, payload) {
      if (++taken === 5) controller.abort(reason);
      return kept.take(seq, payload);
    },
  });
  const calls: { readonly name: string; readonly id: number; readonly done: Promise<unknown> }[] =
    [];
  const noted = (side: Side): Side => ({
    call<Result>(name: string, given: unknown) {
      const done = side.call<Result>(name, given);
      calls.push({ name, id: (given as { id: number }).id, done: done.catch((error) => error) });
      return done;
    },
  });
  const both = { servers: noted(sides.servers), client: noted(sides.client) };
  const failed = failureOf(sample(FEW, both, [1, 2], controller.signal));
  assert.is(await failed, reason);
  const sends = calls.filter(({ name }) => name === "send");
  assert.is(sends.length, 2);
  for (const { id, done } of sends) {
    assert.match(String(await within("the client's end", done)), "the transfer was stopped");
    assert.match(await failureOf(sides.servers.call("outcome", { id })).then(String), "is served");
  }
});

test("nothing is begun after the end", async () => {
  const sides = sidesWith();
  const refusing: Side = { call: () => assert.unreachable() as never };
  const reason = new Error("over");
  const failed = failureOf(
    measureTransfer({ ...sides, servers: refusing }, FEW, 1, AbortSignal.abort(reason)),
  );
  assert.is(await failed, reason);
});

test.run();
