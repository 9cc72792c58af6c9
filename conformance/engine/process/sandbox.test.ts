import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { needs } from "../../testing.ts";
import { boxedTmp, sandboxArguments, sandboxProblem } from "./sandbox.ts";

const test = suite("sandbox");

needs(test, "bwrap", "a command in the box writes in its folder and nowhere else", () => {
  assert.is(sandboxProblem(), undefined);
  const folder = mkdtempSync(join(tmpdir(), "steelyard-box-"));
  const outside = join(tmpdir(), `steelyard-outside-${process.pid}`);
  try {
    const script =
      `echo in > ${folder}/in; echo out > ${outside}; echo out > /usr/steelyard; ls /proc`;
    const [program, ...args] = sandboxArguments(["sh", "-c", script], folder) as [
      string,
      ...string[],
    ];
    const ended = spawnSync(program, args, { encoding: "utf8" });
    assert.is(readFileSync(join(folder, "in"), "utf8"), "in\n");
    assert.is(existsSync(outside), false);
    assert.is(existsSync("/usr/steelyard"), false);
    const pids = ended.stdout.split("\n").filter((name) => /^\d+$/.test(name));
    assert.ok(pids.length < 5, `it sees ${pids.length} processes`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

needs(test, "bwrap", "programs of one case share a /tmp, in the case's folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-box-"));
  const run = (script: string) => {
    const [program, ...args] = sandboxArguments(["sh", "-c", script], folder);
    return spawnSync(program as string, args, { encoding: "utf8" });
  };
  try {
    run("echo one > /tmp/state; mv /tmp/state /tmp/selected");
    assert.is(run("cat /tmp/selected").stdout, "one\n");
    assert.is(readFileSync(join(boxedTmp(folder), "selected"), "utf8"), "one\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
