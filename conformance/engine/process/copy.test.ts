import { test } from "uvu";
import * as assert from "uvu/assert";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { copySubmission, writeFiles } from "./copy.ts";
import { failureOf, withFolder } from "./test-kit.ts";

/** A folder `from` to copy and a path `to` that does not exist. */
function withSource(body: (from: string, to: string) => Promise<void>): Promise<void> {
  return withFolder((folder) => {
    mkdirSync(`${folder}/from/sub/deep`, { recursive: true });
    return body(`${folder}/from`, `${folder}/to`);
  });
}

test("copies nested files with their bytes and modes", () =>
  withSource(async (from, to) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    writeFileSync(`${from}/sub/deep/all bytes`, bytes);
    writeFileSync(`${from}/run.sh`, "#!/bin/sh\n", { mode: 0o755 });
    writeFileSync(`${from}/fixed`, "", { mode: 0o444 });
    const copied = await copySubmission(from, to);
    assert.equal(new Uint8Array(readFileSync(`${to}/sub/deep/all bytes`)), bytes);
    assert.is(statSync(`${to}/run.sh`).mode & 0o777, 0o755);
    assert.is(statSync(`${to}/fixed`).mode & 0o777, 0o444);
    assert.equal(copied, { files: 5, bytes: 266, leftOut: [] });
  }));

test("leaves out .git and __pycache__ at any depth, and takes node_modules", () =>
  withSource(async (from, to) => {
    for (const name of [".git", "sub/__pycache__", "node_modules"]) {
      mkdirSync(`${from}/${name}`);
      writeFileSync(`${from}/${name}/file`, "");
    }
    await copySubmission(from, to);
    assert.equal(readdirSync(to).sort(), ["node_modules", "sub"]);
    assert.equal(readdirSync(`${to}/sub`), ["deep"]);
  }));

test("keeps links that stay inside, and leaves out those that leave, pipes too", () =>
  withSource(async (from, to) => {
    writeFileSync(`${from}/file`, "inside");
    symlinkSync("../../file", `${from}/sub/deep/relative`);
    symlinkSync(`${from}/file`, `${from}/sub/absolute`);
    symlinkSync("gone", `${from}/dangling`);
    symlinkSync("/etc/passwd", `${from}/out`);
    symlinkSync("../../..", `${from}/sub/up`);
    symlinkSync("sub/up/from", `${from}/about`);
    symlinkSync("sub/up/x/../..", `${from}/through`);
    execFileSync("mkfifo", [`${from}/pipe`]);
    const { leftOut } = await copySubmission(from, to);
    assert.is(readlinkSync(`${to}/sub/deep/relative`), "../../file");
    assert.is(readlinkSync(`${to}/sub/absolute`), "../file");
    assert.is(readFileSync(`${to}/sub/absolute`, "utf8"), "inside");
    assert.is(readlinkSync(`${to}/dangling`), "gone");
    for (const path of ["out", "sub/up", "pipe"]) assert.ok(leftOut.includes(path), path);
    assert.not.ok(existsSync(`${to}/out`) || existsSync(`${to}/sub/up`));
  }));

test("refuses a target that is not empty, or inside the folder itself", () =>
  withSource(async (from, to) => {
    const inside = await failureOf(copySubmission(from, `${from}/sub/copy`));
    assert.match(inside.message, /lies inside/);
    mkdirSync(to);
    writeFileSync(`${to}/old`, "");
    assert.match((await failureOf(copySubmission(from, to))).message, /is not empty/);
  }));

test("refuses a folder that is too large", () =>
  withSource(async (from, to) => {
    // Sparse: takes no room on the disk.
    execFileSync("truncate", ["-s", "513M", `${from}/huge`]);
    assert.match((await failureOf(copySubmission(from, to))).message, /more than 536870912 bytes/);
  }));

test("writes files into folders that it makes, over what was there", () =>
  withSource(async (from) => {
    writeFileSync(`${from}/old`, "old and long");
    await writeFiles(from, { "old": "new", "a/b/c.txt": "é\r\n", "./sub/../d": "" });
    assert.is(readFileSync(`${from}/old`, "utf8"), "new");
    assert.is(readFileSync(`${from}/a/b/c.txt`, "utf8"), "é\r\n");
    assert.is(readFileSync(`${from}/d`, "utf8"), "");
  }));

test("refuses paths that leave the folder, and then writes none", () =>
  withSource(async (from) => {
    symlinkSync("/tmp", `${from}/out`);
    symlinkSync("/no/such/folder", `${from}/dangling`);
    for (const path of ["../x", "/tmp/x", "sub/../../x", "", ".", "a\0b", "out/x", "dangling/x"]) {
      const error = await failureOf(writeFiles(from, { fine: "x", [path]: "x" }));
      assert.match(error.message, JSON.stringify(path));
    }
    assert.not.ok(existsSync(`${from}/fine`));
  }));

test("replaces a link rather than writing through it", () =>
  withSource(async (from, to) => {
    writeFileSync(to, "safe");
    symlinkSync(to, `${from}/config`);
    await writeFiles(from, { config: "own" });
    assert.is(readFileSync(to, "utf8"), "safe");
    assert.is(readFileSync(`${from}/config`, "utf8"), "own");
  }));

test.run();
