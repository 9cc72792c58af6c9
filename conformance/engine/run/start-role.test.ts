/** Starts of a client with what MDALP's cases ask for: a payload, tools on its PATH, a mode. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CaseUnsupported } from "../verdict.ts";
import { withContext, withFolder } from "./test-kit.ts";
import type { MadeUp } from "./test-kit.ts";

const test = suite("start-role");

const DEADLINE_MS = 10_000;

function client(run: string[], more: Record<string, unknown> = {}): MadeUp["roles"] {
  return { client: { run, ...more } } as MadeUp["roles"];
}

test("a payload lies where the program runs, byte for byte, and {file} is its path", () =>
  withFolder({}, (submission) => {
    mkdirSync(join(submission, "code"));
    const roles = client(["sh", "-c", 'echo "$1"; pwd', "sh", "{file}"], { cwd: "code" });
    return withContext({ roles, folder: submission }, async (context) => {
      const bytes = new Uint8Array([0, 10, 13, 255, 59]);
      const payload = { name: "payload.txt", bytes };
      const { output, folder, before } = await context.runToEnd("client", {}, DEADLINE_MS, {
        payload,
      });
      const [path = "", cwd = ""] = output.split("\n");
      assert.ok(isAbsolute(path));
      assert.is(path, join(cwd, "payload.txt"));
      assert.is(folder, cwd);
      assert.equal([...readFileSync(path)], [...bytes]);
      assert.ok(before.has("payload.txt"), "it is no file that the program made");
    });
  }));

test("tools are found before the system's own, which are still there", () =>
  withContext({ roles: client(["sh", "-c", "ping; ls /dev/null"]) }, async (context) => {
    const tools = join(context.folder, "bin");
    mkdirSync(tools);
    writeFileSync(join(tools, "ping"), "#!/bin/sh\necho the stand-in\n");
    chmodSync(join(tools, "ping"), 0o755);
    const { output } = await context.runToEnd("client", {}, DEADLINE_MS, { tools });
    assert.match(output, /^the stand-in\n\/dev\/null\n/);
  }));

test("a mode has its own command, with the same placeholders", () => {
  const modes = { single: ["echo", "one", "{id}"] };
  return withContext({ roles: client(["echo", "all"], { modes }) }, async (context) => {
    const output = async (options: { mode?: string }) =>
      (await context.runToEnd("client", { id: 3 }, DEADLINE_MS, options)).output.trim();
    assert.is(await output({ mode: "single" }), "one 3");
    assert.is(await output({}), "all");
  });
});

test("a mode that the manifest has not is unsupported, and how to give it is said", () =>
  withContext({ roles: client(["true"]) }, async (context) => {
    let told: unknown;
    await context.runToEnd("client", {}, DEADLINE_MS, { mode: "single" })
      .catch((error) => told = error);
    assert.instance(told, CaseUnsupported);
    assert.is(
      (told as Error).message,
      'the manifest has no mode single of the client: give its command as "modes": {"single": [...]}',
    );
  }));

test.run();
