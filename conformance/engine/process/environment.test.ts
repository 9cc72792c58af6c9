import { test } from "uvu";
import * as assert from "uvu/assert";
import { programEnvironment } from "./environment.ts";

const KEYS = ["http_proxy", "NODE_OPTIONS", "MY_API_KEY", "STEELYARD_PLAIN"];

test.after.each(() => {
  for (const key of KEYS) delete process.env[key];
});

test("passes the suite's environment on, but no proxy, runtime option or secret", () => {
  for (const key of KEYS) process.env[key] = "x";
  const env = programEnvironment("t#1");
  assert.is(env.PATH, process.env.PATH);
  assert.equal(KEYS.filter((key) => key in env), ["STEELYARD_PLAIN"]);
});

test("unbuffers Python and marks the case, which the manifest cannot undo", () => {
  const env = programEnvironment("t#1", { PYTHONUNBUFFERED: "", STEELYARD_CASE: "u", OWN: "1" });
  assert.is(env.PYTHONUNBUFFERED, "");
  assert.is(env.PYTHONDONTWRITEBYTECODE, "1");
  assert.is(env.STEELYARD_CASE, "t#1");
  assert.is(env.OWN, "1");
});

test.run();
