/** The workload over processes of each runtime. */
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runtime } from "../../src/net/mod.ts";
import type { Runtime } from "../../src/net/mod.ts";
import { failureOf, within } from "../../src/net/test-kit.ts";
import { Lifetime } from "../lifetime.ts";
import type { Side } from "../mdalp/measure-transfer.ts";
import { setUpOf } from "../mdalp/order.ts";
import type { Order } from "../mdalp/order.ts";
import { startSides } from "../mdalp/sides.ts";
import type { Workers } from "../mdalp/sides.ts";
import { sampleTransfers } from "../mdalp/slice-of-transfers.ts";
import type { OpenOptions } from "../model.ts";
import { mdalp } from "./mdalp.ts";

const test = suite("the workload mdalp");

const SMALL: Order = {
  bytes: 1050,
  lossPercent: 0,
  latenciesMs: [4, 2, 2],
  receivers: ["A", "B", "C"],
  only: null,
  timesFaster: 50,
  atATime: 1,
};

/** So late that a transfer lasts until it is ended. */
const ENDLESS: Order = { ...SMALL, latenciesMs: [1e6, 1e6, 1e6], timesFaster: 1 };

const never = new AbortController().signal;
const START_MS = 30_000;

const options = (life: Lifetime): OpenOptions => ({
  life,
  extent: "quick",
  seed: 1,
  rate: undefined,
});

async function inLifetime(run: (life: Lifetime) => Promise<void>): Promise<void> {
  const life = new Lifetime("ignore");
  try {
    await run(life);
  } finally {
    life.end();
  }
}

for (const on of ["bun", "deno", "node"] satisfies Runtime[]) {
  test(`samples each mode between two processes of ${on}`, () =>
    inLifetime(async (life) => {
      const modes = [null, 0, 1, 2];
      const setUps = modes.map((only) => setUpOf({ ...SMALL, only }, on));
      const open = await within("the start", mdalp.open(setUps, options(life)), START_MS);
      for (const [i, setUp] of setUps.entries()) {
        const slice = await within("a sample", open.sample(setUp, 25, never), START_MS);
        assert.equal(slice.failures, {}, setUp.id);
        assert.is(slice.mismatch, undefined);
        assert.is(slice.requests, 1);
        assert.is(slice.bytes, 1050);
        assert.is(slice.counts?.packets, 11);
        assert.is(slice.latency.totalCount, 11);
        const used = Object.values(slice.servers ?? {}).filter((packets) => packets > 0);
        assert.is(used.length, i === 0 ? 3 : 1);
        assert.ok((slice.value ?? 0) >= 1, String(slice.value));
      }
    }));
}

test("the nth sample of each set-up meets the same losses", () =>
  inLifetime(async (life) => {
    // With timeouts of 400 ms and more, so that none ends early on a busy machine.
    const lossy = { ...SMALL, lossPercent: 15, only: 1, timesFaster: 1 };
    const setUps = [1000, 1100].map((bytes) => setUpOf({ ...lossy, bytes }, runtime));
    const open = await within(
      "the start",
      mdalp.open(setUps, { ...options(life), seed: 2 }),
      START_MS,
    );
    for (const first of [2, 5]) {
      const slices = await Promise.all(
        setUps.map((setUp) => within("a sample", open.sample(setUp, 25, never), START_MS)),
      );
      for (const { sequence } of slices) {
        assert.is(sequence?.find(({ kind }) => kind === "again")?.sequence, first);
      }
    }
  }));

/** The same side; `then` is done once, as soon as it has been told to do `name`. */
function watched(side: Side, name: string, then: () => void): Side {
  let done = false;
  return {
    call<Result>(service: string, given: unknown) {
      const called = side.call<Result>(service, given);
      if (service === name && !done) {
        done = true;
        then();
      }
      return called;
    },
  };
}

function killGroup(pid: number): void {
  process.kill(-pid, "SIGKILL");
}

for (const role of ["servers", "client"] as const) {
  test(`a ${role} process that is killed ends the sample, and those after it, by name`, () =>
    inLifetime(async (life) => {
      const sides: Workers = await within("the start", startSides(life, runtime), START_MS);
      const client = watched(sides.client, "send", () => killGroup(sides[role].pid));
      const failed = failureOf(sampleTransfers({ ...sides, client }, ENDLESS, [1, 2], never));
      const { message } = await within("the end", failed);
      const name = role === "client" ? "client" : "orchestrator and receivers";
      assert.match(message, `the process of the ${name}: `);
      assert.match(message, "ended with SIGKILL");
      const next = await within(
        "the next end",
        failureOf(sampleTransfers(sides, SMALL, [1], never)),
      );
      assert.match(next.message, "ended with SIGKILL");
    }));
}

test("aborting ends a sample, and the next one finds all in order", () =>
  inLifetime(async (life) => {
    const sides = await within("the start", startSides(life, runtime), START_MS);
    const controller = new AbortController();
    const reason = new Error("enough");
    const client = watched(sides.client, "send", () => controller.abort(reason));
    const failed = failureOf(
      sampleTransfers({ ...sides, client }, ENDLESS, [1, 2], controller.signal),
    );
    assert.is(await within("the end", failed), reason);
    const slice = await within("a sample", sampleTransfers(sides, SMALL, [1], never), START_MS);
    assert.is(slice.requests, 1);
  }));

test.run();
