import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { withContext } from "../engine/run/test-kit.ts";
import { parseCores } from "./cores.ts";
import { startDenseReader } from "./dense-reader.ts";
import { runApart } from "./own-process.ts";

const ROLES = { roles: {} };

/** Rewrites a file for so long, and lets the reader have a look now and then. */
async function rewriteFor(milliseconds: number, write: () => void): Promise<void> {
  const until = performance.now() + milliseconds;
  while (performance.now() < until) {
    for (let i = 0; i < 20; i++) write();
    await new Promise((done) => setTimeout(done, 1));
  }
}

test("a file that is renamed into its place is whole at each read", () =>
  withContext(ROLES, async (context) => {
    const path = join(context.folder, "state");
    const reader = await startDenseReader(context, path, []);
    let turn = 0;
    await rewriteFor(300, () => {
      writeFileSync(`${path}.new`, `server ${++turn % 2}`);
      renameSync(`${path}.new`, path);
    });
    const { reads, vanished, contents } = await reader.stop();
    assert.ok(reads > 100, `${reads} reads`);
    assert.is(vanished, 0);
    assert.equal(Object.keys(contents).sort(), ["server 0", "server 1"]);
  }));

test("a file that is emptied before it is filled is seen empty", () =>
  withContext(ROLES, async (context) => {
    const path = join(context.folder, "state");
    const reader = await startDenseReader(context, path, []);
    await rewriteFor(300, () => {
      writeFileSync(path, "");
      writeFileSync(path, "server 0");
    });
    const { contents } = await reader.stop();
    assert.ok((contents[""] ?? 0) > 0, JSON.stringify(contents));
  }));

test("a file that is gone for a while is missed, and none before the first", () =>
  withContext(ROLES, async (context) => {
    const path = join(context.folder, "state");
    const reader = await startDenseReader(context, path, []);
    await rewriteFor(300, () => {
      writeFileSync(path, "server 0");
      rmSync(path);
    });
    assert.ok((await reader.stop()).vanished > 0);
    const none = await startDenseReader(context, join(context.folder, "none"), []);
    assert.equal(await none.stop(), { reads: 0, vanished: 0, contents: {} });
  }));

test("what a process of the suite's complains about is told", () =>
  withContext(ROLES, async (context) => {
    const broken = runApart(context, (text: string) => {
      throw new Error(text);
    }, "broken on purpose");
    const error = await broken.firstLine.then(() => undefined, (reason: Error) => reason);
    assert.match(error?.message ?? "", "broken on purpose");
  }));

test("a process of the suite's ends with its case", async () => {
  let pid = 0;
  await withContext(ROLES, async (context) => {
    const own = runApart(context, async () => {
      const { default: it } = await import("node:process");
      it.stdout.write(`${it.pid}\n`);
      setInterval(() => {}, 1000);
    }, null);
    pid = Number(await own.firstLine);
    assert.ok(process.kill(pid, 0));
  });
  assert.throws(() => process.kill(pid, 0), /ESRCH/);
});

test("lists of cores are numbers and ranges", () => {
  assert.equal(parseCores("0-1"), [0, 1]);
  assert.equal(parseCores("0,2-4,7"), [0, 2, 3, 4, 7]);
  assert.equal(parseCores(""), []);
});

test.run();
