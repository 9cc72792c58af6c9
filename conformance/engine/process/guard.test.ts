import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GUARD_SCRIPT } from "./guard.ts";
import type { ProcessEntry } from "./proc.ts";
import { readProcess } from "./proc.ts";
import type { RunningProcess } from "./process.ts";
import { newToken, printed, withFolder, withPrograms } from "./test-kit.ts";
import { killByToken, processesWithToken } from "./tree.ts";

const MODULE = JSON.stringify(fileURLToPath(new URL("./process.ts", import.meta.url)));

type Start = (argv: readonly string[]) => Promise<RunningProcess>;

/** A suite that starts programs of this token, and then does as it is told. */
function startSuite(start: Start, folder: string, token: string, then: string) {
  writeFileSync(
    `${folder}/suite.ts`,
    `import { startProcess } from ${MODULE};
     const begin = (script) =>
       startProcess({ argv: ["sh", "-c", script], cwd: "/", token: "${token}" });
     ${then}`,
  );
  const args = "Deno" in globalThis ? ["run", "-A"] : [];
  return start([process.execPath, ...args, `${folder}/suite.ts`]);
}

/** Resolves once none of these is there; the pid of one that ended may be given again. */
async function gone(entries: readonly ProcessEntry[]): Promise<void> {
  const isThere = ({ pid, startTicks }: ProcessEntry) =>
    readProcess(pid)?.startTicks === startTicks;
  const untilMs = performance.now() + 10_000;
  while (entries.some(isThere)) {
    assert.ok(performance.now() < untilMs, `left: ${entries.filter(isThere).map((e) => e.pid)}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

test("a suite that is killed takes its programs with it, and what these have started, daemons too", () =>
  withFolder((folder) =>
    withPrograms(async (start) => {
      const token = newToken();
      const suite = await startSuite(
        start,
        folder,
        token,
        `await begin("exec sleep 600");
         const daemon = "(setsid sh -c 'echo up; exec sleep 600' &)";
         const program = await begin('trap "" TERM HUP; sleep 600 & ' + daemon + '; wait; sleep 600');
         const look = () => program.output().stdout !== "" && console.log("ready");
         program.onOutput(look);
         look();`,
      );
      try {
        await printed(suite, /ready/);
        const entries = processesWithToken(token).map((pid) => readProcess(pid) as ProcessEntry);
        assert.is(entries.length, 4);
        process.kill(suite.pid, "SIGKILL");
        await gone(entries);
      } finally {
        await killByToken(token);
      }
    })
  ));

test("a program that was stopped is guarded no more, and the suite ends by itself", () =>
  withFolder((folder) =>
    withPrograms(async (start) => {
      const suite = await startSuite(
        start,
        folder,
        newToken(),
        `const [one, other] = [await begin("sleep 600"), await begin("sleep 600")];
         await one.stop();
         await other.stop();
         console.log("stopped");`,
      );
      assert.equal(await suite.finished, { code: 0, signal: null });
      assert.is(suite.output().stdout, "stopped\n");
    })
  ));

test("many short programs leave one shell behind at most, and none after the end", () =>
  withFolder((folder) =>
    withPrograms(async (start) => {
      const suite = await startSuite(
        start,
        folder,
        newToken(),
        `for (let i = 0; i < 20; i++) await (await begin("exit 3")).kill();
         console.log("done");
         setInterval(() => {}, 1000);`,
      );
      await printed(suite, /done/);
      const tree = suite.tree().map((pid) => readProcess(pid) as ProcessEntry);
      assert.is(tree.length, 2, "the suite and its shell");
      process.kill(suite.pid, "SIGKILL");
      await gone(tree);
    })
  ));

/** Runs the script of the shell with what is guarded, to its end. */
async function runScript(folder: string, words: string): Promise<void> {
  // The script removes the folder that it is given.
  const list = mkdtempSync(`${folder}/list-`);
  writeFileSync(`${list}/guarded`, `${words} \n`);
  const args = ["-c", GUARD_SCRIPT, "guard", list];
  const shell = spawn("/bin/sh", args, { env: {}, stdio: "ignore" });
  await once(shell, "exit");
}

test("what a program forks while it is looked for is found too", () =>
  withFolder((folder) =>
    withPrograms(async (start, token) => {
      const forks = "i=0; while [ $i -lt 300 ]; do sleep 600 & i=$((i + 1)); done; wait";
      const program = await start(["sh", "-c", forks]);
      await runScript(folder, program.mark);
      await gone(
        processesWithToken(token).map((pid) => readProcess(pid)).filter((e) => e !== null),
      );
      assert.equal(processesWithToken(token), []);
    })
  ));

test("a group whose number went to somebody else is left alone", () =>
  withFolder((folder) =>
    withPrograms(async (start) => {
      const program = await start(["sleep", "600"]);
      const entry = readProcess(program.pid) as ProcessEntry;
      await runScript(folder, `${program.pid}/${entry.startTicks - 1}`);
      assert.equal(readProcess(program.pid), entry);
      await runScript(folder, `${program.pid}/${entry.startTicks}`);
      assert.equal(await program.finished, { code: null, signal: "SIGKILL" });
    })
  ));

test.run();
