/** The published run, with losses, on a clock that need not be waited for. */
import { Buffer } from "node:buffer";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { randomSource } from "../redirect/mod.ts";
import { ManualClock } from "./manual-clock.ts";
import { readMessage } from "./message.ts";
import { layOut } from "./packets.ts";
import { Sender } from "./sender.ts";
import { makespanBoundMs, splitByInverseLatency, splitGreedily } from "./split.ts";
import type { RetransmissionTimeout } from "./timeout.ts";
import { adaptiveTimeout, fixedTimeout } from "./timeout.ts";

const test = suite("makespan");
const LATENCIES_MS = [335, 163, 157];
const PAYLOAD = Buffer.alloc(5000);

/** Milliseconds that the payload takes when such a share of the data packets is lost. */
function makespanMs(
  split: typeof splitGreedily,
  timeout: () => RetransmissionTimeout,
  loss: number,
  seed: number,
): number {
  const random = randomSource(seed);
  const clock = new ManualClock();
  let doneMs = 0;
  layOut(PAYLOAD, split(50, LATENCIES_MS)).forEach((packets, i) => {
    const sender = new Sender({
      tid: 1,
      receiver: String(i),
      packets,
      timeout: timeout(),
      giveUpMs: 1e9,
      clock,
      send(datagram) {
        const message = readMessage(datagram);
        if (message.type !== "data" || random() < loss) return;
        const { seq } = message;
        clock.after(LATENCIES_MS[i] as number, () => sender.acknowledged(seq));
      },
      onProgress: () => doneMs = clock.now(),
    });
    sender.run();
  });
  clock.pass(1e6);
  return doneMs;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = sorted.length / 2;
  return ((sorted[Math.floor(at)] as number) + (sorted[Math.ceil(at) - 1] as number)) / 2;
}

for (const split of [splitByInverseLatency, splitGreedily]) {
  test(`without loss ${split.name} stays within 5 % of the bound`, () => {
    const ratio = makespanMs(split, adaptiveTimeout, 0, 1) / makespanBoundMs(50, LATENCIES_MS);
    assert.ok(ratio >= 1 && ratio <= 1.05, String(ratio));
  });
}

test("at 8 % loss the adaptive timeout halves the time of the fixed one", () => {
  const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
  const of = (timeout: () => RetransmissionTimeout) =>
    median(seeds.map((seed) => makespanMs(splitByInverseLatency, timeout, 0.08, seed)));
  const adaptive = of(() => adaptiveTimeout());
  const fixed = of(() => fixedTimeout());
  assert.ok(fixed >= 2 * adaptive, `${fixed} ms and ${adaptive} ms`);
});

test.run();
