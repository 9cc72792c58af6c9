import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withFolder } from "../redirect/test-kit.ts";
import { readState, StateFileError, writeState } from "./state-file.ts";

const test = suite("state file");

for (
  const [content, address, ended] of [
    ["127.0.0.1:8001\n", "127.0.0.1:8001", true],
    ["172.28.1.11", "172.28.1.11", false],
    ["\r\n \n  server1:80 \r\nserver2\n", "server1:80", true],
    [`127.0.0.1\n${"x".repeat(5000)}`, "127.0.0.1", true],
  ] as const
) {
  test(`${JSON.stringify(content.slice(0, 40))} names ${address}`, () =>
    withFolder((folder) => {
      const path = join(folder, "state");
      writeFileSync(path, content);
      const found = readState(path);
      assert.is(found.address, address);
      assert.is("ended" in found && found.ended, ended);
    }));
}

for (
  const [content, problem] of [
    ["", "empty"],
    ["\n \r\n\n", "empty"],
    [" ", "empty"],
    ["127.0.0.", "garbage"],
    ["1", "garbage"],
    ["\x1b[31m\n127.0.0.1\n", "garbage"],
    ["\0".repeat(3000), "garbage"],
    ["a".repeat(3000), "garbage"],
  ] as const
) {
  test(`${JSON.stringify(content.slice(0, 20))} is ${problem}`, () =>
    withFolder((folder) => {
      const path = join(folder, "state");
      writeFileSync(path, content);
      assert.is(readState(path).problem, problem);
    }));
}

test("a missing file, a folder, a FIFO and a device are told from each other, and none blocks", () =>
  withFolder((folder) => {
    assert.is(readState(join(folder, "none")).problem, "missing");
    assert.is(readState(folder).problem, "no-file");
    execFileSync("mkfifo", [join(folder, "fifo")]);
    assert.is(readState(join(folder, "fifo")).problem, "no-file");
    assert.is(readState("/dev/zero").problem, "no-file");
    writeFileSync(join(folder, "file"), "");
    assert.is(readState(join(folder, "file", "below")).problem, "missing");
  }));

test("what cannot be read is told, with the system's reason", () =>
  withFolder((folder) => {
    const found = readState(join(folder, "x".repeat(300)));
    assert.is(found.problem, "unreadable");
    assert.is("detail" in found && found.detail, "ENAMETOOLONG");
  }));

test("what is written is read, and nothing else is left in the folder", () =>
  withFolder((folder) => {
    const path = join(folder, "state");
    for (const address of ["127.0.0.1:8001", "[::1]:80"]) {
      writeState(path, address);
      assert.is(readFileSync(path, "utf8"), `${address}\n`);
      assert.is(readState(path).address, address);
    }
    assert.equal(readdirSync(folder), ["state"]);
  }));

test("a link to a state file is read as the file", () =>
  withFolder((folder) => {
    writeState(join(folder, "state"), "127.0.0.1");
    symlinkSync(join(folder, "state"), join(folder, "link"));
    assert.is(readState(join(folder, "link")).address, "127.0.0.1");
  }));

function errorOf(run: () => void): StateFileError {
  try {
    run();
  } catch (error) {
    assert.instance(error, StateFileError);
    return error as StateFileError;
  }
  throw new Error("it was written");
}

test("a folder that is not there is named, with what to do", () =>
  withFolder((folder) => {
    const { code, message } = errorOf(() => writeState(join(folder, "no", "state"), "127.0.0.1"));
    assert.is(code, "ENOENT");
    assert.match(message, join(folder, "no", "state"));
    assert.match(message, "its folder does not exist; make it or give another --state");
  }));

test("a folder in the file's place is told, and no temporary file is left", () =>
  withFolder((folder) => {
    mkdirSync(join(folder, "state"));
    const { message } = errorOf(() => writeState(join(folder, "state"), "127.0.0.1"));
    assert.match(message, "it is a folder");
    assert.equal(readdirSync(folder), ["state"]);
  }));

test.run();
