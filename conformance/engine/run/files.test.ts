import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { filesBelow, isInside, removeFolder } from "./files.ts";
import { withFolder } from "./test-kit.ts";

const test = suite("files");

test("files below a folder are told by their paths, folders left out, links not followed", () =>
  withFolder({ "a.txt": "" }, (folder) => {
    mkdirSync(join(folder, "b", "empty"), { recursive: true });
    writeFileSync(join(folder, "b", "c.txt"), "");
    symlinkSync("nowhere", join(folder, "broken"));
    assert.equal(filesBelow(folder).sort(), ["a.txt", "b/c.txt", "broken"]);
    assert.equal(filesBelow(join(folder, "none")), []);
    return Promise.resolve();
  }));

const PLACES: readonly (readonly [path: string, inside: boolean])[] = [
  ["/a/b", true],
  ["/a/b/../c", true],
  ["/a", false],
  ["/ab", false],
  ["/a/../b", false],
];

for (const [path, inside] of PLACES) {
  test(`${path} is ${inside ? "" : "not "}inside /a`, () =>
    assert.is(isInside("/a", path), inside));
}

// Root may write everywhere: it takes another user to see this fail.
test("a folder goes although a program has locked folders in it", () =>
  withFolder({}, (folder) => {
    const top = join(folder, "case");
    const locked = join(top, "copy", "locked");
    mkdirSync(join(locked, "inner"), { recursive: true });
    writeFileSync(join(locked, "inner", "x"), "");
    chmodSync(join(locked, "inner"), 0o500);
    chmodSync(locked, 0o000);
    removeFolder(top);
    assert.not.ok(existsSync(top));
    return Promise.resolve();
  }));

test("a folder that is not there is no error", () => removeFolder("/nowhere/at/all"));

test.run();
