import { execFile, execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { everyVerdict } from "./fixture.ts";
import { FORMATS } from "./formats.ts";
import { ReportWriteError, writeReports } from "./write-reports.ts";

const test = suite<{ folder: string }>("writeReports");

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "steelyard-report-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

function execFileText(program: string, args: string[]): Promise<string> {
  return new Promise((done, failed) => {
    execFile(
      program,
      args,
      { timeout: 5000 },
      (error, stdout) => error ? failed(error) : done(stdout),
    );
  });
}

/** What the promise rejects with, as it must be a ReportWriteError. */
async function refusal(act: Promise<void>): Promise<ReportWriteError> {
  const error = await act.then(() => null, (reason) => reason);
  assert.instance(error, ReportWriteError);
  return error;
}

test("each report is in its file, and nothing else is left", async ({ folder }) => {
  writeFileSync(join(folder, "a.json"), "the last run's");
  await writeReports([everyVerdict], [
    { format: "json", file: join(folder, "a.json") },
    { format: "tap", file: join(folder, "b.tap") },
  ]);
  assert.equal(readdirSync(folder).sort(), ["a.json", "b.tap"]);
  assert.equal(JSON.parse(readFileSync(join(folder, "a.json"), "utf8")), everyVerdict);
  assert.ok(readFileSync(join(folder, "b.tap"), "utf8").startsWith("TAP version 14\n"));
});

test("- is standard output", async () => {
  let written = "";
  const sink = (text: string) => {
    written += text;
    return Promise.resolve();
  };
  await writeReports([everyVerdict], [{ format: "badge", file: "-" }], sink);
  assert.is(written, FORMATS.badge?.([everyVerdict]));
});

test("a link is written through, not replaced", async ({ folder }) => {
  writeFileSync(join(folder, "target"), "");
  symlinkSync("target", join(folder, "link"));
  await writeReports([everyVerdict], [{ format: "json", file: join(folder, "link") }]);
  assert.equal(JSON.parse(readFileSync(join(folder, "target"), "utf8")), everyVerdict);
});

test("a missing folder is named, and the other reports are written all the same", async ({ folder }) => {
  const missing = join(folder, "none", "out.xml");
  const { code, path, message } = await refusal(writeReports([everyVerdict], [
    { format: "junit", file: missing },
    { format: "json", file: join(folder, "a.json") },
  ]));
  assert.is(code, "ENOENT");
  assert.is(path, missing);
  assert.match(message, `cannot write the junit report to ${missing}: ENOENT: the folder`);
  assert.match(message, "does not exist: make it");
  assert.ok(existsSync(join(folder, "a.json")));
});

test("a folder in the file's place is named, and no temporary file stays", async ({ folder }) => {
  const { code, message } = await refusal(
    writeReports([everyVerdict], [{ format: "json", file: folder }]),
  );
  assert.is(code, "EISDIR");
  assert.match(message, "it is a folder: name a file in it");
  assert.equal(readdirSync(folder), []);
});

test("a pipe is written to, not replaced", async ({ folder }) => {
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const reader = execFileText("cat", [pipe]);
  await writeReports([everyVerdict], [{ format: "badge", file: pipe }]);
  assert.is(await reader, FORMATS.badge?.([everyVerdict]));
  assert.ok(statSync(pipe).isFIFO());
});

test("a full disk is named", async () => {
  const sink = () => Promise.reject(Object.assign(new Error("write"), { code: "ENOSPC" }));
  const { code, message } = await refusal(
    writeReports([everyVerdict], [{ format: "html", file: "-" }], sink),
  );
  assert.is(code, "ENOSPC");
  assert.match(message, "no space is left there");
});

test("a reader of standard output that has gone is named", async () => {
  const sink = () => Promise.reject(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
  const { message } = await refusal(
    writeReports([everyVerdict], [{ format: "json", file: "-" }], sink),
  );
  assert.match(message, "to standard output: EPIPE: the program that reads it has ended");
});

test.run();
