import { Buffer } from "node:buffer";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readMessage } from "./message.ts";
import { ReceiverDead, Sender } from "./sender.ts";
import type { Clock } from "./sender.ts";
import { fixedTimeout } from "./timeout.ts";

const test = suite("sender");

/** A clock whose time passes only when it is told to. */
class ManualClock implements Clock {
  #nowMs = 0;
  #timers: { atMs: number; run: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + milliseconds, run };
    this.#timers.push(timer);
    return () => this.#timers = this.#timers.filter((other) => other !== timer);
  }

  /** Runs what falls due until then, in order. */
  pass(milliseconds: number): void {
    const until = this.#nowMs + milliseconds;
    for (;;) {
      const [next] = this.#timers.toSorted((a, b) => a.atMs - b.atMs);
      if (!next || next.atMs > until) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#nowMs = next.atMs;
      next.run();
    }
    this.#nowMs = until;
  }
}

interface Sent {
  readonly seq: number;
  readonly payload: Buffer;
}

function setUp(payload: Uint8Array, firstSeq = 5) {
  const clock = new ManualClock();
  const sent: Sent[] = [];
  const sender = new Sender({
    tid: 7,
    firstSeq,
    payload,
    timeout: fixedTimeout(1000),
    giveUpMs: 5000,
    clock,
    send(datagram) {
      const message = readMessage(datagram);
      if (message.type === "data") {
        sent.push({ seq: message.seq, payload: Buffer.from(message.payload) });
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

test("a receiver that never answers is given up", async () => {
  const { clock, finished } = setUp(Buffer.from("hello"));
  const failed = finished.then(() => undefined, (error) => error);
  clock.pass(10_000);
  assert.instance(await failed, ReceiverDead);
});

test("an empty part is done at once", async () => {
  assert.equal(await setUp(Buffer.alloc(0)).finished, { packets: 0, timeouts: 0, elapsedMs: 0 });
});

test("whatever is lost, late or repeated, the receiver gets the payload", async () => {
  const events = fc.array(
    fc.record({ ack: fc.integer({ min: -1, max: 12 }), passMs: fc.nat(400) }),
    {
      maxLength: 60,
    },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 900 }),
      events,
      async (bytes, all) => {
        const { clock, sent, sender, finished } = setUp(bytes, 0);
        // Acks can only be of what was sent: a receiver makes none up.
        for (const { ack, passMs } of all) {
          clock.pass(passMs);
          if (sent.some(({ seq }) => seq === ack)) sender.acknowledged(ack);
        }
        for (let i = 0; i < 20; i++) sender.acknowledged(sent.at(-1)?.seq ?? 0);
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
