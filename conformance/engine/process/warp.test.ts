import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { waitForPort } from "./port-wait.ts";
import { LISTENER, withPrograms } from "./test-kit.ts";
import { processesWithToken } from "./tree.ts";
import { removeStaleClocks, warpArguments, warpAvailable } from "./warp.ts";

const path = await warpAvailable();

test("writes the factor before the program", () => {
  assert.equal(warpArguments(["a", "b"]), ["faketime", "-f", "+0 x60", "a", "b"]);
  assert.equal(warpArguments(["a"], 10).slice(2), ["+0 x10", "a"]);
});

test("says null without faketime", async () => {
  const before = process.env.PATH;
  process.env.PATH = "/no/such/folder";
  try {
    assert.is(await warpAvailable(), null);
  } finally {
    process.env.PATH = before;
  }
});

test("removes the clocks of processes that are gone, and nothing else", () => {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-test-"));
  const gone = 4_194_305;
  const kept = [`faketime_shm_${process.pid}`, `other_${gone}`, `sem.faketime_sem_${process.pid}`];
  try {
    for (const name of [...kept, `faketime_shm_${gone}`, `sem.faketime_sem_${gone}`]) {
      writeFileSync(join(folder, name), "");
    }
    removeStaleClocks(folder);
    assert.equal(readdirSync(folder).sort(), kept);
    removeStaleClocks(join(folder, "no-such"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const warped = path === null ? test.skip : test;
if (path === null) console.log("skipped: the warped programs (faketime is not installed)");

warped("a warped wait is shorter by the factor", () =>
  withPrograms(async (start) => {
    const started = performance.now();
    const program = await start(warpArguments(["sleep", "30"]));
    assert.equal(await program.exited, { code: 0, signal: null });
    const tookMs = performance.now() - started;
    // 500 ms by the factor: never less, and far from 30 s even on a loaded machine.
    assert.ok(tookMs > 300 && tookMs < 15_000, `${tookMs} ms`);
  }));

warped(
  "a warped program is found by its port, and stopped",
  () =>
    withPrograms(async (start, token) => {
      const program = await start(warpArguments(LISTENER));
      await waitForPort(program, "listening", { deadlineMs: 20_000 });
      await program.stop();
      assert.equal(processesWithToken(token), []);
    }),
);

test.run();
