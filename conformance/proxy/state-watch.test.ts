import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EventLog } from "../engine/event-log.ts";
import { indexOf, StateWatch } from "./state-watch.ts";

const LISTED = ["127.0.0.1:20001", "127.0.0.1:20002"];
const [A, B] = LISTED as [string, string];

interface Stage {
  readonly path: string;
  readonly watch: StateWatch;
  /** Resolves when so many rewrites are seen. */
  seen(count: number): Promise<void>;
}

async function withWatch(body: (stage: Stage) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-test-"));
  const path = join(folder, "selected_server");
  const watch = new StateWatch({ path, listed: LISTED, log: new EventLog() });
  watch.intervalMs = 30;
  const seen = async (count: number) => {
    await watch.until(() => watch.rewrites.length >= count, 10_000);
    assert.is(watch.rewrites.length, count);
  };
  try {
    await body({ path, watch, seen });
  } finally {
    watch.stop();
    rmSync(folder, { recursive: true });
  }
}

/** A new version of the file, though written in the same tick of the kernel's clock. */
let clockS = 1_700_000_000;

function rename(path: string, content: string): void {
  writeFileSync(`${path}.new`, content);
  utimesSync(`${path}.new`, ++clockS, clockS);
  renameSync(`${path}.new`, path);
}

/** Until a rewrite counts as one of its own, and not as a step of the one before. */
async function rest(watch: StateWatch): Promise<void> {
  const until = performance.now() + watch.briefMs * 2;
  while (performance.now() < until) await new Promise((done) => setTimeout(done, 5));
}

test("sees each rewrite, of the same server too", () =>
  withWatch(async ({ path, watch, seen }) => {
    for (const [i, server] of [A, A, B, A].entries()) {
      rename(path, `${server}\n`);
      await seen(i + 1);
      await rest(watch);
    }
    assert.equal(watch.rewrites.map(({ index }) => index), [0, 0, 1, 0]);
  }));

test("sees a rewrite in place", () =>
  withWatch(async ({ path, watch, seen }) => {
    writeFileSync(path, A);
    await seen(1);
    await rest(watch);
    writeFileSync(path, B);
    await seen(2);
    assert.equal(watch.rewrites.map(({ index }) => index), [0, 1]);
  }));

test("what is empty or a part for a while is no rewrite, the whole is", () =>
  withWatch(async ({ path, watch, seen }) => {
    for (const content of ["", A.slice(0, 7)]) {
      writeFileSync(path, content);
      await rest(watch);
    }
    assert.is(watch.rewrites.length, 0);
    writeFileSync(path, A);
    await seen(1);
  }));

test("what stays and is no listed server is a rewrite", () =>
  withWatch(async ({ path, watch, seen }) => {
    writeFileSync(path, "127.0.0.1:9");
    await seen(1);
    assert.is(watch.rewrites[0]!.index, -1);
    assert.is(watch.rewrites[0]!.content, "127.0.0.1:9");
  }));

test("a part that stays is one in the end", () =>
  withWatch(async ({ path, watch, seen }) => {
    writeFileSync(path, "127.0.0.1");
    await seen(1);
    assert.is(watch.rewrites[0]!.index, -1);
  }));

test("a rewrite that follows a time without looks may come after one that was not seen", () =>
  withWatch(async ({ path, watch, seen }) => {
    rename(path, A);
    await seen(1);
    assert.is(watch.rewrites[0]!.afterGap, false);
    const until = performance.now() + watch.intervalMs * 2;
    while (performance.now() < until);
    rename(path, B);
    await seen(2);
    assert.is(watch.rewrites[1]!.afterGap, true);
  }));

test("waiting ends when no rewrite comes", () =>
  withWatch(async ({ watch }) => {
    await watch.until(() => false, 20);
    assert.is(watch.rewrites.length, 0);
  }));

test("addresses agree with and without port 80 and white space", () => {
  assert.is(indexOf(["172.28.1.11", "172.28.1.12:80"], " 172.28.1.11:80\n"), 0);
  assert.is(indexOf(["172.28.1.11", "172.28.1.12:80"], "172.28.1.12"), 1);
  assert.is(indexOf(LISTED, "127.0.0.1:2000"), -1);
  assert.is(indexOf(LISTED, ""), -1);
});

test.run();
