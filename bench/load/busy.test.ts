import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { processBusy, processorBusy, processorMs } from "./busy.ts";

const tells = existsSync("/proc/self/schedstat");

/** Uses the processor, so that the system notes it. */
function spin(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test("a process that computes is busy", () => {
  const busy = processBusy([process.pid]);
  spin(200);
  const share = busy(200);
  if (!tells) return assert.is(share, undefined);
  assert.ok(share !== undefined && share > 0.5 && share <= 1, `${share}`);
});

for (const watch of [processBusy, processorBusy]) {
  test(`${watch.name} is of the time in which there was work`, () => {
    const [of100, of1000, of0] = [100, 1000, 0].map((ms) => {
      const busy = watch([process.pid]);
      spin(150);
      return busy(ms);
    });
    if (!tells) return;
    assert.is(of100, 1);
    assert.ok((of1000 as number) > 0.05 && (of1000 as number) < 0.5, `${of1000}`);
    assert.is(of0, undefined);
  });
}

test("a child of the process counts, and one that sleeps is not busy", async () => {
  const child = spawn("sh", ["-c", "echo there; read line; while :; do :; done & wait"], {
    detached: true,
  });
  try {
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const quiet = processBusy([child.pid as number]);
    spin(200);
    const asleep = quiet(200);
    const begunMs = performance.now();
    const busy = processBusy([child.pid as number]);
    child.stdin.write("go\n");
    const until = performance.now() + 10_000;
    let share = busy(performance.now() - begunMs);
    while (tells && (share ?? 0) < 0.3 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      share = busy(performance.now() - begunMs);
    }
    if (!tells) return;
    assert.ok(asleep !== undefined && asleep < 0.3, `asleep ${asleep}`);
    assert.ok(share !== undefined && share >= 0.3, `awake ${share}`);
  } finally {
    process.kill(-(child.pid as number), "SIGKILL");
  }
});

test("of a process that is gone nothing is known", async () => {
  const child = spawn("true");
  await new Promise((resolve) => child.once("close", resolve));
  assert.is(processBusy([child.pid as number])(100), undefined);
  assert.is(processorBusy([child.pid as number])(100), undefined);
  assert.is(processorMs(child.pid as number), undefined);
});

test.run();
