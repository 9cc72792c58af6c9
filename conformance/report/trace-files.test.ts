import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readCapture } from "../mdalp/capture/capture-file.ts";
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

const RECORDED = [{
  atMs: 1_700_000_000_000,
  from: { host: "127.0.7.1", port: 50000 },
  to: { host: "127.0.7.2", port: 4650 },
  bytes: new TextEncoder().encode("Type:0;"),
}];

test("a failing case with datagrams has a capture beside its text, with its id as the comment", () => {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-traces-"));
  try {
    const { fail, pass, error } = EVERY_VERDICT;
    const recordings = new Map([[fail.id, RECORDED], [pass.id, RECORDED], [error.id, []]]);
    const [report] = writeTraces([makeReport([fail, pass, error])], folder, recordings);
    const [failed, passed, broken] = report?.cases ?? [];
    assert.is(failed?.trace, join(folder, "redirect.server.404.pcapng"));
    const { comment, frames } = readCapture(readFileSync(failed?.trace as string));
    assert.is(comment, fail.id);
    assert.is(frames.length, 1);
    assert.ok(existsSync(join(folder, "redirect.server.404.txt")));
    assert.is(passed?.trace, null);
    assert.match(broken?.trace ?? "", /direct\.txt$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("with several reports each has its own recordings", () => {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-traces-"));
  try {
    const reports = ["a", "b"].map((name) =>
      makeReport([EVERY_VERDICT.fail], {
        implementation: { name, digest: "", manifest: "" },
      })
    );
    const recordings = [new Map(), new Map([[EVERY_VERDICT.fail.id, RECORDED]])];
    const [a, b] = writeTraces(reports, folder, recordings).map(({ cases }) => cases[0]?.trace);
    assert.is(a, join(folder, "redirect-a", "redirect.server.404.txt"));
    assert.is(b, join(folder, "redirect-b", "redirect.server.404.pcapng"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("an id gives one plain name", () => {
  assert.is(traceName("redirect.server.404/file"), "redirect.server.404__file.txt");
  assert.is(traceName("mdalp.client.intent/now", "pcapng"), "mdalp.client.intent__now.pcapng");
});

test.run();
