import { Buffer } from "node:buffer";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readMessage } from "./message.ts";
import { ReceiverDead, Sender } from "./sender.ts";
import { ManualClock } from "./manual-clock.ts";
import { layOut } from "./packets.ts";
import { adaptiveTimeout, fixedTimeout, MOST_TIMEOUT_MS } from "./timeout.ts";
import type { RetransmissionTimeout } from "./timeout.ts";

const test = suite("sender");

interface Sent {
  readonly seq: number;
  readonly payload: Buffer;
  readonly atMs: number;
}

interface Options {
  readonly timeout?: RetransmissionTimeout;
  readonly giveUpMs?: number;
}

/** A sender of SEQ 5 and on, and what it sent. */
function setUp(payload: Uint8Array, options: Options = {}) {
  const clock = new ManualClock();
  const sent: Sent[] = [];
  const sender = new Sender({
    tid: 7,
    receiver: "127.0.0.2:4650",
    packets: (layOut(payload, [Math.ceil(payload.length / 100)])[0] ?? [])
      .map((packet) => ({ ...packet, seq: packet.seq + 5 })),
    timeout: fixedTimeout(1000),
    giveUpMs: 5000,
    ...options,
    clock,
    send(datagram) {
      const message = readMessage(datagram);
      if (message.type === "data") {
        sent.push({
          seq: message.seq,
          payload: Buffer.from(message.payload),
          atMs: clock.now(),
        });
      }
    },
  });
  return { clock, sent, sender, finished: sender.run() };
}

test("one packet is in flight until its ack", async () => {
  const { clock, sent, sender, finished } = setUp(Buffer.alloc(250, "x"));
  assert.equal(sent.map(({ seq }) => seq), [5]);
  clock.pass(300);
  sender.acknowledged(5);
  assert.equal(sent.map(({ seq }) => seq), [5, 6]);
  sender.acknowledged(6);
  sender.acknowledged(7);
  assert.equal(sent.map(({ payload }) => payload.length), [100, 100, 50]);
  assert.equal(await finished, { packets: 3, timeouts: 0, elapsedMs: 300 });
});

test("without an ack the same bytes are sent again", async () => {
  const { clock, sent, sender, finished } = setUp(Buffer.from("hello"));
  clock.pass(2500);
  assert.equal(sent.map(({ seq }) => seq), [5, 5, 5]);
  assert.ok(sent.every(({ payload }) => payload.toString() === "hello"));
  sender.acknowledged(5);
  assert.equal(await finished, { packets: 1, timeouts: 2, elapsedMs: 2500 });
});

test("a duplicate ack does not skip a packet", () => {
  const { sent, sender } = setUp(Buffer.alloc(300, "x"));
  sender.acknowledged(5);
  sender.acknowledged(5);
  sender.acknowledged(4);
  sender.acknowledged(99);
  assert.equal(sent.map(({ seq }) => seq), [5, 6]);
});

test("a receiver that never answers is given up in time, and named with what it had", async () => {
  const { clock, sender, sent, finished } = setUp(Buffer.alloc(250, "x"), { giveUpMs: 5500 });
  const failed = finished.then(() => undefined, (error) => error);
  sender.acknowledged(5);
  clock.pass(5499);
  assert.is(sent.length, 7);
  clock.pass(1);
  const error = await failed;
  assert.instance(error, ReceiverDead);
  assert.match(
    error.message,
    "receiver 127.0.0.2:4650 acknowledged 1 of 3 packets, then nothing for 5.5 s",
  );
  clock.pass(100_000);
  assert.is(sent.length, 7, "nothing is sent after it");
});

test("only acks that count keep a receiver alive", async () => {
  const { clock, sender, finished } = setUp(Buffer.alloc(250, "x"));
  const failed = finished.then(() => undefined, (error) => error);
  for (let i = 0; i < 10; i++) {
    clock.pass(1000);
    sender.acknowledged(4);
  }
  assert.instance(await failed, ReceiverDead);
});

test("the time out never passes 8 s, whatever was lost before", () => {
  const { clock, sender, sent } = setUp(Buffer.alloc(5000, "x"), {
    timeout: adaptiveTimeout(),
    giveUpMs: 1e6,
  });
  for (let i = 0; i < 200; i++) {
    clock.pass(i % 7 * 3000 + 1);
    if (i % 3 === 0) sender.acknowledged(sent.at(-1)?.seq ?? 5);
  }
  const gaps = sent.slice(1).map(({ atMs }, i) => atMs - (sent[i]?.atMs ?? 0));
  assert.is(Math.max(...gaps), MOST_TIMEOUT_MS);
});

test("after a loss the back-off is over within two packets of a steady path", () => {
  const { clock, sender, sent } = setUp(Buffer.alloc(5000, "x"), { timeout: adaptiveTimeout() });
  const answer = () => {
    clock.pass(300);
    sender.acknowledged(sent.at(-1)?.seq ?? 5);
  };
  for (let i = 0; i < 20; i++) answer();
  clock.pass(3000);
  const before = sent.length;
  answer();
  answer();
  // The next one is lost: it is sent again as soon as ever.
  clock.pass(400);
  assert.is(sent.length, before + 3);
});

test("on a path that loses half the time out follows the path, not the losses", () => {
  const { clock, sender, sent } = setUp(Buffer.alloc(20_000, "x"), { timeout: adaptiveTimeout() });
  let lost = 0;
  for (let seq = 5; seq < 205; seq++) {
    const first = sent.length;
    // Every packet but each fourth is lost once.
    if (seq % 4 !== 0) {
      while (sent.length === first) clock.pass(10);
      lost++;
    }
    clock.pass(300);
    sender.acknowledged(seq);
  }
  assert.ok(clock.now() < 200 * 300 + lost * 1000, `${clock.now()} ms for ${lost} losses`);
});

test("a path that became slower is measured by the acks of both copies", () => {
  const timeout = adaptiveTimeout();
  const { clock, sender, sent } = setUp(Buffer.alloc(5000, "x"), { timeout });
  for (let i = 0; i < 20; i++) {
    clock.pass(300);
    sender.acknowledged(5 + i);
  }
  assert.is(timeout.currentMs, 400);
  // From now on an ack takes 900 ms; the copy of each packet is acknowledged too.
  const acks = new Map<number, number>();
  let seen = sent.length - 1;
  for (let ms = 0; ms < 9000; ms += 50) {
    for (; seen < sent.length; seen++) acks.set(seen, clock.now() + 900);
    clock.pass(50);
    for (const [at, dueMs] of acks) {
      if (dueMs > clock.now()) continue;
      acks.delete(at);
      sender.acknowledged(sent[at]?.seq ?? 0);
    }
  }
  const copies = sent.length - new Set(sent.map(({ seq }) => seq)).size;
  assert.ok(copies >= 1 && copies <= 2, `${copies} needless copies`);
  assert.ok(timeout.currentMs > 900, String(timeout.currentMs));
});

test("an empty part is done at once", async () => {
  assert.equal(await setUp(Buffer.alloc(0)).finished, { packets: 0, timeouts: 0, elapsedMs: 0 });
});

test("whatever is lost, late or repeated, the receiver gets the payload", async () => {
  const events = fc.array(
    fc.record({ ack: fc.integer({ min: 4, max: 17 }), passMs: fc.nat(400) }),
    {
      maxLength: 60,
    },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 900 }),
      events,
      async (bytes, all) => {
        const { clock, sent, sender, finished } = setUp(bytes, { giveUpMs: 1e6 });
        // Acks can only be of what was sent: a receiver makes none up.
        for (const { ack, passMs } of all) {
          clock.pass(passMs);
          if (sent.some(({ seq }) => seq === ack)) sender.acknowledged(ack);
        }
        for (let i = 0; i < 20; i++) sender.acknowledged(sent.at(-1)?.seq ?? 5);
        await finished;
        const parts = new Map(sent.map(({ seq, payload }) => [seq, payload]));
        const received = Buffer.concat(
          [...parts].sort(([a], [b]) => a - b).map(([, part]) => part),
        );
        assert.ok(received.equals(bytes));
      },
    ),
  );
});

test.run();
