import { test } from "uvu";
import * as assert from "uvu/assert";
import { sampleRound } from "./sample-round.ts";
import { setUp, slice } from "./test-kit.ts";

const never = new AbortController().signal;

test("takes samples until their wall time fills the window", async () => {
  const lengths: number[] = [];
  const open = {
    sample: (_setUp: unknown, forMs: number) => {
      lengths.push(forMs);
      return Promise.resolve(slice({ wallMs: 100, requests: 50 }));
    },
  };
  const { slices, samplesMs } = await sampleRound(open, setUp("a"), 400, never);
  assert.equal(lengths, [100, 100, 100, 100]);
  assert.is(slices.length, 4);
  assert.equal(samplesMs, [2, 2, 2, 2], "milliseconds of wall time for one transfer, sorted");
});

test("one transfer that is longer than the window is one sample", async () => {
  const open = { sample: () => Promise.resolve(slice({ wallMs: 5000, requests: 1 })) };
  const { samplesMs } = await sampleRound(open, setUp("a"), 100, never);
  assert.equal(samplesMs, [5000]);
});

test("what a sample throws is thrown on", async () => {
  let calls = 0;
  const open = {
    sample: () =>
      ++calls < 3 ? Promise.resolve(slice()) : Promise.reject(new Error("server a is gone")),
  };
  try {
    await sampleRound(open, setUp("a"), 1000, never);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, "server a is gone");
  }
});

test("a stop ends it with the reason", async () => {
  const stop = new AbortController();
  const open = {
    sample: () => {
      stop.abort(new Error("stopped by SIGINT"));
      return Promise.resolve(slice());
    },
  };
  try {
    await sampleRound(open, setUp("a"), 1000, stop.signal);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, "stopped by SIGINT");
  }
});

test.run();
