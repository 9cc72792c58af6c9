import process from "node:process";
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { memoryOf, parseStatus, resetPeak } from "./memory.ts";

test("reads kilobytes as bytes", () => {
  const status = "Name:\tbun\nVmHWM:\t   2048 kB\nVmRSS:\t    1024 kB\nThreads:\t1\n";
  assert.equal(parseStatus(status), { rssBytes: 1_048_576, peakBytes: 2_097_152 });
});

test("names what is not there", () => {
  assert.throws(() => parseStatus("VmHWM:\t 1 kB\n"), /no VmRSS/);
});

test("sees this process grow after its peak was reset", () => {
  resetPeak(process.pid);
  const before = memoryOf(process.pid);
  const held = Buffer.alloc(64 * 1024 * 1024, 1);
  const after = memoryOf(process.pid);
  assert.is(held.length, 64 * 1024 * 1024);
  assert.ok(after.peakBytes - before.rssBytes > 48 * 1024 * 1024, JSON.stringify([before, after]));
});

test.run();
