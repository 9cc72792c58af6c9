import { test } from "uvu";
import * as assert from "uvu/assert";
import { polling, PollingPolicy } from "./udp-polling.ts";
import { nodeUdp } from "./mod.ts";

/** Whether it polls after each of so many datagrams, of which none finds it polling. */
function asked(policy: PollingPolicy, datagrams: number): boolean[] {
  return Array.from({ length: datagrams }, () => policy.worthwhile());
}

/** Moments in a row that bring nothing. */
function waste(policy: PollingPolicy, moments = 3): void {
  for (let i = 0; i < moments; i++) policy.wasted();
}

test("polls from the first datagram on, for as long as that pays", () => {
  const policy = new PollingPolicy();
  for (let i = 0; i < 100; i++) {
    assert.ok(policy.worthwhile());
    policy.paid();
    policy.wasted();
  }
});

test("stops after three moments in a row that brought nothing, and tries again later", () => {
  const policy = new PollingPolicy();
  waste(policy);
  assert.is(asked(policy, 65).lastIndexOf(false), 63);
  assert.ok(policy.worthwhile());
});

test("waits twice as long each time that trying again was for nothing, up to a bound", () => {
  const policy = new PollingPolicy();
  const pauses: number[] = [];
  for (let i = 0; i < 9; i++) {
    waste(policy);
    pauses.push(asked(policy, 10_000).indexOf(true));
  }
  assert.equal(pauses, [64, 128, 256, 512, 1024, 2048, 4096, 8192, 8192]);
});

test("a moment that paid makes the next pause short again", () => {
  const policy = new PollingPolicy();
  waste(policy);
  asked(policy, 64);
  policy.paid();
  waste(policy);
  assert.is(asked(policy, 200).indexOf(true), 64);
});

test("leaves a driver as it is where polling cannot pay", () => {
  assert.is(polling(nodeUdp, false), nodeUdp);
});

test.run();
