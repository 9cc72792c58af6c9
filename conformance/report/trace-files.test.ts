import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { EVERY_VERDICT, makeReport } from "./fixture.ts";
import { traceName, writeTraces } from "./trace-files.ts";

const test = suite("trace files");

test("each failing case has a file that holds its evidence, and no other has one", () => {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-traces-"));
  try {
    const [report] = writeTraces([makeReport(Object.values(EVERY_VERDICT))], folder);
    for (const one of report?.cases ?? []) {
      const failed = /fail|error/.test(one.verdict);
      assert.is(one.trace !== null, failed, `${one.id} is ${one.verdict}`);
      if (one.trace === null) continue;
      assert.ok(existsSync(one.trace));
      assert.ok(readFileSync(one.trace, "utf8").includes(one.message));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("an id gives one plain name", () => {
  assert.is(traceName("redirect.server.404/file"), "redirect.server.404__file.txt");
});

test.run();
