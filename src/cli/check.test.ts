import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readCapture } from "../../conformance/mdalp/capture/capture-file.ts";
import { steelyard } from "./test-kit.ts";

test("writes what was seen of each failing case: text, and datagrams as pcapng", async () => {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-test-"));
  try {
    const file = join(folder, "report.json");
    const { code } = await steelyard(
      "check",
      "mutant:mdalp-client-intent-open",
      "--only",
      "mdalp.client.intent/plan-at-once",
      "--traces",
      join(folder, "traces"),
      "--report",
      `json=${file}`,
    );
    assert.is(code, 1);
    const [one] = JSON.parse(readFileSync(file, "utf8")).cases;
    assert.ok(existsSync(one.trace.replace(/pcapng$/, "txt")));
    const { frames, problems } = readCapture(readFileSync(one.trace));
    assert.equal(problems, []);
    assert.ok(frames.length > 0);
    assert.match(readFileSync(one.trace, "latin1"), "mdalp.client.intent/plan-at-once");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("refuses an option that is none, with the way to the list", async () => {
  const { code, stderr } = await steelyard("check", "reference", "--trace", "x");
  assert.is(code, 2);
  assert.match(stderr, /--trace.*--help/);
});

test.run();
