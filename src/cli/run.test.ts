import { test } from "uvu";
import * as assert from "uvu/assert";
import { RUNNABLE } from "./run.ts";
import { steelyard } from "./test-kit.ts";

test("lists every role of every system", async () => {
  const { code, stdout } = await steelyard("run", "--help");
  assert.is(code, 0);
  for (const [system, roles] of Object.entries(RUNNABLE)) {
    for (const role of Object.keys(roles)) assert.match(stdout, `  ${system} ${role} `);
  }
});

test("lists one system's roles", async () => {
  const { code, stdout } = await steelyard("run", "mdalp", "--help");
  assert.is(code, 0);
  assert.match(stdout, "mdalp orchestrator");
  assert.not.match(stdout, "redirect");
});

test("names the roles that there are where one is not", async () => {
  const { code, stderr } = await steelyard("run", "mdalp", "sender");
  assert.is(code, 2);
  assert.match(stderr, /no role "sender"; mdalp has client, orchestrator, receiver, demo/);
});

test.run();
