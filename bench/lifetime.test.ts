import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { failureOf, within } from "../src/net/test-kit.ts";
import { Lifetime, ProgramError } from "./lifetime.ts";

async function inLifetime(run: (life: Lifetime) => Promise<void>): Promise<void> {
  const life = new Lifetime("ignore");
  try {
    await run(life);
  } finally {
    life.end();
  }
}

test("the output of a program that does its work is its result", () =>
  inLifetime(async (life) => {
    assert.is(await life.run(["sh", "-c", "echo said; echo aside >&2"]), "said\n");
  }));

test("a program that fails is told with what it wrote to standard error", () =>
  inLifetime(async (life) => {
    const failed = await failureOf(life.run(["sh", "-c", "echo why >&2; exit 3"]));
    assert.instance(failed, ProgramError);
    assert.match(failed.message, /ended with 3: why$/);
  }));

test("a program that is to run and ends in order is told too", () =>
  inLifetime(async (life) => {
    const ended = new Promise<Error>((resolve) => void life.start(["true"], resolve));
    assert.is((await within("the end", ended)).message, "true ended by itself");
  }));

test("a program that is not there is told by its name", () =>
  inLifetime(async (life) => {
    const failed = new Promise<Error>((resolve) => void life.start(["no-such-program"], resolve));
    assert.match((await within("the failure", failed)).message, "no-such-program");
  }));

test("the end takes each program with its children, and the folder", async () => {
  const life = new Lifetime("ignore");
  const child = life.start(["sh", "-c", "sleep 600 & echo there; wait"], assert.unreachable);
  const closed = new Promise((resolve) => child.once("close", resolve));
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  life.end();
  // Its output is closed once the child that shares it is gone as well.
  await within("the end of both", closed);
  assert.is(child.signalCode, "SIGKILL");
  assert.not(existsSync(life.folder));
});

test("a runner that is killed takes each program with its children", () =>
  inLifetime(async (life) => {
    const file = join(life.folder, "runner.ts");
    const path = join(life.folder, "alive");
    const module = JSON.stringify(fileURLToPath(new URL("./lifetime.ts", import.meta.url)));
    // Who reads the pipe sees its end once the last writer is gone, the program's child.
    const script = `exec 3>${path}; trap "" TERM; (sleep 600; :) & echo up >&3; wait`;
    writeFileSync(
      file,
      `import { Lifetime } from ${module};
       new Lifetime("ignore").start(["sh", "-c", ${JSON.stringify(script)}], () => {});`,
    );
    await life.run(["mkfifo", path]);
    const args = "Deno" in globalThis ? ["run", "-A"] : [];
    const runner = spawn(process.execPath, [...args, file], { stdio: "ignore" });
    const reader = life.start(["cat", path], () => {});
    const ended = new Promise((resolve) => reader.once("close", resolve));
    await within("the program", new Promise((up) => reader.stdout?.once("data", up)), 20_000);
    runner.kill("SIGKILL");
    await within("the end of what it started", ended, 20_000);
  }));

test("nothing starts after the end", async () => {
  const life = new Lifetime("ignore");
  life.throwIfEnded();
  life.end();
  assert.throws(() => life.start(["true"], assert.unreachable), "the measurement has ended");
  const failed = await failureOf(life.run(["true"]));
  assert.match(failed.message, "the measurement has ended");
});

test.run();
