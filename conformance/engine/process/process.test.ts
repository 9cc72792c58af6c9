import { test } from "uvu";
import * as assert from "uvu/assert";
import { chmodSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { LaunchError } from "./errors.ts";
import { startProcess } from "./process.ts";
import { failureOf, newToken, printed, withFolder, withPrograms } from "./test-kit.ts";
import { processesWithToken } from "./tree.ts";

test("gives the exit code and both streams of a program that exits at once", () =>
  withPrograms(async (start) => {
    const program = await start(["sh", "-c", "echo out; echo err >&2; exit 3"]);
    assert.equal(await program.finished, { code: 3, signal: null });
    assert.equal(program.exit, { code: 3, signal: null });
    assert.equal(program.output(), { stdout: "out\n", stderr: "err\n" });
  }));

test("gives the signal of a program that was ended by one", () =>
  withPrograms(async (start) => {
    const program = await start(["sh", "-c", "kill -9 $$"]);
    assert.equal(await program.exited, { code: null, signal: "SIGKILL" });
  }));

test("runs in the folder, with the environment given, without input", () =>
  withFolder((folder) =>
    withPrograms(async (_start, token) => {
      const program = await startProcess({
        argv: ["sh", "-c", 'pwd; echo "$OWN $PYTHONUNBUFFERED $STEELYARD_CASE"; cat'],
        cwd: folder,
        token,
        env: { OWN: "own" },
      });
      await program.finished;
      assert.is(program.output().stdout, `${folder}\nown 1 ${program.mark}\n`);
    })
  ));

test("runs in a session of its own", () =>
  withPrograms(async (start) => {
    const program = await start(["sh", "-c", "ps -o sid= -p $$"]);
    await program.finished;
    assert.is(Number(program.output().stdout), program.pid);
  }));

test("drains a program that prints 100 MB, and keeps its start and its end", () =>
  withPrograms(async (start) => {
    const program = await start([
      "sh",
      "-c",
      "echo first; head -c 100000000 /dev/zero | tr '\\0' x; echo; echo last",
    ]);
    let heard = 0;
    program.onOutput((text) => heard += text.length);
    assert.is((await program.finished).code, 0);
    const { stdout } = program.output();
    const leftOut = "first\n".length + 100_000_000 + "\nlast\n".length - 65536;
    assert.match(stdout, /^first\nx+\n/);
    assert.ok(stdout.includes(`\n[... ${leftOut} bytes left out ...]\n`), "the marker");
    assert.match(stdout.slice(-100), /x\nlast\n$/);
    assert.ok(stdout.length < 66000, `${stdout.length} characters kept`);
    assert.ok(heard > 0, "a listener hears it too");
  }));

test("tells the exit while a grandchild holds the pipes", () =>
  withPrograms(async (start) => {
    const program = await start(["sh", "-c", "sleep 600 & echo started; exit 4"]);
    assert.is((await program.exited).code, 4);
    assert.is((await program.finished).code, 4);
    assert.is(program.output().stdout, "started\n");
    assert.is(program.tree().length, 1);
    await program.kill();
    assert.equal(program.tree(), []);
  }));

test("stops with SIGTERM a program that heeds it", () =>
  withPrograms(async (start) => {
    const program = await start(["sh", "-c", 'trap "exit 7" TERM; echo up; while :; do :; done']);
    await printed(program, /up/);
    assert.equal(await program.stop(60_000), { code: 7, signal: null });
  }));

test("stops with SIGKILL a program that ignores SIGTERM, and its children", () =>
  withPrograms(async (start, token) => {
    const program = await start([
      "sh",
      "-c",
      'trap "" TERM; setsid sh -c "trap \\"\\" TERM; echo up; while :; do sleep 1; done"',
    ]);
    await printed(program, /up/);
    assert.ok(program.tree().length > 1);
    assert.equal(await program.stop(50), { code: null, signal: "SIGKILL" });
    assert.equal(processesWithToken(token), []);
  }));

test("stopping twice, or after the end, gives the same exit", () =>
  withPrograms(async (start) => {
    const program = await start(["true"]);
    await program.exited;
    assert.equal(await program.stop(), { code: 0, signal: null });
    assert.equal(await program.stop(), { code: 0, signal: null });
    program.signal("SIGTERM");
  }));

test("sends a signal to the group", () =>
  withPrograms(async (start) => {
    const program = await start([
      "sh",
      "-c",
      'trap "echo heard; exit" USR1; echo up; while :; do :; done',
    ]);
    await printed(program, /up/);
    program.signal("SIGUSR1");
    await printed(program, /heard/);
  }));

test("stops one process of a case and lets the others run", () =>
  withPrograms(async (start) => {
    const [one, other] = [await start(["sleep", "600"]), await start(["sleep", "600"])];
    await one.stop();
    assert.equal(one.tree(), []);
    assert.equal(other.tree(), [other.pid]);
    assert.is(other.exit, null);
  }));

test("a program that is missing or cannot be run is a launch error that says what to do", () =>
  withFolder(async (folder) => {
    writeFileSync(`${folder}/plain.py`, "print(1)\n");
    writeFileSync(`${folder}/lost.sh`, "#!/no/such/interpreter\n");
    chmodSync(`${folder}/lost.sh`, 0o755);
    const rows: [string[], string, string, RegExp][] = [
      [["no-such-program-here"], folder, "not-found", /"no-such-program-here".*not in PATH/],
      [["./missing.py"], folder, "not-found", /no file ".*missing\.py"/],
      [["./plain.py"], folder, "not-executable", /chmod \+x/],
      [["/"], folder, "not-executable", /not an executable file/],
      [["true"], `${folder}/none`, "not-found", /folder ".*none" is missing/],
      [["./lost.sh"], folder, "failed", /interpreter/],
      [[], folder, "failed", /name of a program/],
      [["a\0b"], folder, "failed", /"a\\u0000b"/],
    ];
    for (const [argv, cwd, code, message] of rows) {
      const error = await failureOf(startProcess({ argv, cwd, token: newToken() }));
      assert.instance(error, LaunchError, argv.join(" "));
      assert.is((error as LaunchError).code, code, argv.join(" "));
      assert.match(error.message, message);
    }
  }));

test("finds a program of the submission's own by its path in the folder", () =>
  withFolder((folder) =>
    withPrograms(async (_start, token) => {
      writeFileSync(`${folder}/own.sh`, "#!/bin/sh\necho own\n");
      chmodSync(`${folder}/own.sh`, 0o755);
      const program = await startProcess({ argv: ["./own.sh"], cwd: folder, token });
      await program.finished;
      assert.is(program.output().stdout, "own\n");
    })
  ));

test("a suite that exits takes its programs with it", () =>
  withFolder((folder) =>
    withPrograms(async (start) => {
      const token = newToken();
      const module = fileURLToPath(new URL("./process.ts", import.meta.url));
      writeFileSync(
        `${folder}/suite.ts`,
        `import { startProcess } from ${JSON.stringify(module)};
         const program = await startProcess({ argv: ["sleep", "600"], cwd: "/", token: "${token}" });
         console.log("pid", program.pid);
         process.exit(5);`,
      );
      const args = "Deno" in globalThis ? ["run", "-A"] : [];
      const suite = await start([process.execPath, ...args, `${folder}/suite.ts`]);
      assert.is((await suite.finished).code, 5);
      assert.match(suite.output().stdout, /^pid \d+\n$/);
      assert.equal(processesWithToken(token), []);
    })
  ));

test.run();
