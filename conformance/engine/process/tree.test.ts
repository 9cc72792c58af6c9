import { test } from "uvu";
import * as assert from "uvu/assert";
import { readProc, readProcess } from "./proc.ts";
import type { RunningProcess } from "./process.ts";
import { printed, withPrograms } from "./test-kit.ts";
import { killByToken, killTree, processesWithToken, processTree } from "./tree.ts";

/** Forks twice and calls setsid(2): no child, no group, no session of the root's. */
const DAEMON = "(setsid sh -c 'echo pid $$; exec sleep 600' &)";

/** The daemon's pid once its last execve(2) is over: until then its environment may read as empty. */
async function daemonOf(program: RunningProcess): Promise<number> {
  const daemon = Number((await printed(program, /pid (\d+)\n/))[1]);
  while (readProc(`${daemon}/comm`) !== "sleep\n" || !readProc(`${daemon}/environ`)) {
    assert.ok(readProcess(daemon), "the daemon is gone");
    await new Promise((done) => setTimeout(done, 1));
  }
  return daemon;
}

test("finds children, and a daemon that has left the group, the session and its parent", () =>
  withPrograms(async (start, token) => {
    const program = await start(["sh", "-c", `sleep 600 & ${DAEMON}; wait`]);
    const daemon = await daemonOf(program);
    const { group, session } = readProcess(daemon)!;
    assert.not.ok([group, session].includes(program.pid), "it has left");
    const tree = processTree(program.pid, token);
    assert.ok(tree.includes(program.pid) && tree.includes(daemon));
    assert.is(tree.length, 3);
    assert.equal(processTree(program.pid, program.mark), tree);
  }));

test("finds the daemon after the root is gone", () =>
  withPrograms(async (start) => {
    const program = await start(["sh", "-c", DAEMON]);
    const daemon = await daemonOf(program);
    await program.exited;
    assert.equal(program.tree(), [daemon]);
    await killTree(program.pid, program.mark);
    assert.is(readProcess(daemon), null);
  }));

test("finds a child that has cleared its environment by its session", () =>
  withPrograms(async (start, token) => {
    const program = await start(["sh", "-c", "env -i sh -c 'echo up; exec sleep 600' & exit"]);
    await printed(program, /up/);
    await program.exited;
    assert.is(program.tree().length, 1);
    assert.equal(processesWithToken(token), []);
  }));

test("leaves out another case, even one whose token starts alike", () =>
  withPrograms(async (start, token) => {
    const program = await start(["sh", "-c", "echo up; while :; do :; done"]);
    await printed(program, /up/);
    program.signal("SIGSTOP");
    assert.equal(processesWithToken(token), [program.pid]);
    assert.equal(processesWithToken(token.slice(0, -1)), []);
    assert.equal(processesWithToken(program.mark), [program.pid]);
    assert.equal(processesWithToken(`${program.mark}0`), []);
  }));

test("leaves out a later process with the root's pid", () =>
  withPrograms(async (start) => {
    const program = await start(["sleep", "600"]);
    const { startTicks } = readProcess(program.pid)!;
    assert.equal(processTree(program.pid, "another", startTicks), [program.pid]);
    assert.equal(processTree(program.pid, "another", startTicks - 1), []);
  }));

test("kills a program that keeps forking daemons", () =>
  withPrograms(async (start, token) => {
    const fork = "(setsid sleep 600 >/dev/null 2>&1 &)";
    const loop =
      `i=0; while [ $i -lt 300 ]; do ${fork}; i=$((i+1)); [ $i = 20 ] && echo busy; done; sleep 600`;
    const program = await start(["sh", "-c", loop]);
    await printed(program, /busy/);
    await killTree(program.pid, token);
    assert.equal(processesWithToken(token), []);
    assert.is((await program.exited).signal, "SIGKILL");
  }));

test("kills all processes of a case by its token", () =>
  withPrograms(async (start, token) => {
    const programs = [await start(["sleep", "600"]), await start(["sleep", "600"])];
    await killByToken(token);
    for (const program of programs) assert.is((await program.exited).signal, "SIGKILL");
  }));

test.run();
