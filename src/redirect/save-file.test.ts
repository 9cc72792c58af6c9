import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fileName, PartialFile } from "./save-file.ts";
import { withFolder } from "./test-kit.ts";

const NAMES: readonly [string, string][] = [
  ["/", "index.html"],
  ["/a/", "index.html"],
  ["/a/b.txt", "b.txt"],
  ["/b.txt?c=/d", "b.txt"],
  ["/b.txt#/d", "b.txt"],
  ["/a%20b", "a b"],
  ["/%C3%A9", "\u00e9"],
  ["/%2e%2e", "index.html"],
  ["/..", "index.html"],
  ["/.", "index.html"],
  ["/..%2fx", "..%2fx"],
  ["/%2fetc%2fpasswd", "%2fetc%2fpasswd"],
  ["/a%00b", "a%00b"],
  ["/a%1b%5b", "a%1b%5b"],
  ["/a%ff", "a%ff"],
  ["/.bashrc", ".bashrc"],
];

for (const [target, name] of NAMES) {
  test(`saves ${target} as ${name}`, () => assert.is(fileName(target), name));
}

test("names never leave the folder", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "/",
      "..",
      ".",
      "%2e",
      "%2f",
      "%5c",
      "\\",
      "%00",
      "%0a",
      "%",
      "?",
      "#",
      "a",
      "%7f",
    ),
    fc.string({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const name = fileName(`/${pieces.join("")}`);
      const path = resolve("/folder", name);
      assert.is(dirname(path), "/folder", JSON.stringify(name));
      assert.is(basename(path), name);
      assert.not.match(name, /\x00/);
    }),
    { numRuns: 3000 },
  );
});

test("appears under its name only when it is kept", () =>
  withFolder((folder) => {
    const file = new PartialFile(folder, "f");
    file.write(new TextEncoder().encode("one "));
    file.write(new Uint8Array());
    file.write(new TextEncoder().encode("two"));
    assert.not.ok(readdirSync(folder).includes("f"));
    file.keep();
    assert.equal(readdirSync(folder), ["f"]);
    assert.is(readFileSync(file.path, "utf8"), "one two");
    assert.is(file.size, 7);
  }));

test("leaves nothing when it is discarded, and what was there before", () =>
  withFolder((folder) => {
    writeFileSync(join(folder, "f"), "before");
    const file = new PartialFile(folder, "f");
    file.write(new Uint8Array(100_000));
    file.discard();
    file.discard();
    assert.equal(readdirSync(folder), ["f"]);
    assert.is(readFileSync(join(folder, "f"), "utf8"), "before");
  }));

test("replaces a link rather than writing where it leads", () =>
  withFolder((folder) => {
    mkdirSync(join(folder, "in"));
    writeFileSync(join(folder, "target"), "before");
    symlinkSync("../target", join(folder, "in", "f"));
    const file = new PartialFile(join(folder, "in"), "f");
    file.write(new Uint8Array(3));
    file.keep();
    assert.is(readFileSync(join(folder, "target"), "utf8"), "before");
  }));

test("leaves nothing when its name is taken by a folder", () =>
  withFolder((folder) => {
    mkdirSync(join(folder, "f"));
    const file = new PartialFile(folder, "f");
    assert.throws(() => file.keep());
    file.discard();
    assert.equal(readdirSync(folder), ["f"]);
  }));

test.run();
