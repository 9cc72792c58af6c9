import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeResults } from "./fixture.ts";
import { FORMATS } from "./formats.ts";
import { ResultWriteError, writeFiles } from "./write-files.ts";

const test = suite<{ folder: string }>("write-files");
const results = makeResults();

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "steelyard-results-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

async function failure(writing: Promise<unknown>): Promise<ResultWriteError> {
  try {
    await writing;
  } catch (error) {
    if (error instanceof ResultWriteError) return error;
    throw error;
  }
  throw new Error("it was written");
}

test("writes every format and nothing else, and tells where", async ({ folder }) => {
  const paths = await writeFiles(results, folder);
  const names = ["bench.csv", "bench.html", "bench.json", "bench.md"];
  assert.equal(paths.map((path) => basename(path)).sort(), names);
  assert.equal(readdirSync(folder).sort(), names);
  assert.is(readFileSync(join(folder, "bench.json"), "utf8"), FORMATS.json?.(results));
});

test("a folder that is not there is named", async ({ folder }) => {
  const error = await failure(writeFiles(results, join(folder, "gone")));
  assert.is(error.code, "ENOENT");
  assert.match(error.message, join(folder, "gone", "bench.json"));
  assert.match(error.message, "its folder does not exist: make it");
});

test("what cannot be replaced is left, and the others are written", async ({ folder }) => {
  mkdirSync(join(folder, "bench.csv"));
  writeFileSync(join(folder, "bench.csv", "older"), "older");
  const error = await failure(writeFiles(results, folder));
  assert.match(error.path, "bench.csv");
  assert.equal(readdirSync(folder).sort(), ["bench.csv", "bench.html", "bench.json", "bench.md"]);
});

test("a full disk leaves the older file and no part of the new one", async ({ folder }) => {
  writeFileSync(join(folder, "bench.md"), "older");
  const full = async (path: string, text: string) => {
    writeFileSync(path, text.slice(0, 10), { flag: "wx" });
    await Promise.reject(Object.assign(new Error("write"), { code: "ENOSPC" }));
  };
  const error = await failure(writeFiles(results, folder, full));
  assert.is(error.code, "ENOSPC");
  assert.match(error.message, "no space is left there");
  assert.equal(readdirSync(folder), ["bench.md"]);
  assert.is(readFileSync(join(folder, "bench.md"), "utf8"), "older");
});

test.run();
