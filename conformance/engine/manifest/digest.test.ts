import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { digestFolder } from "./digest.ts";
import { ManifestError } from "./manifest-error.ts";
import { rejection, withFolder } from "./test-folder.ts";

async function digestOf(files: Readonly<Record<string, string>>): Promise<string> {
  let digest = "";
  await withFolder(files, async (folder) => {
    digest = await digestFolder(folder);
  });
  return digest;
}

test("the same files have the same digest, in whatever order and folder", async () => {
  const digest = await digestOf({ "a.py": "1", "b/c.py": "2" });
  assert.match(digest, /^[0-9a-f]{64}$/);
  assert.is(await digestOf({ "b/c.py": "2", "a.py": "1" }), digest);
});

test("a change of a name, of content or of the border between them changes the digest", async () => {
  const digests = await Promise.all([
    digestOf({ a: "12" }),
    digestOf({ b: "12" }),
    digestOf({ a: "21" }),
    digestOf({ a1: "2" }),
    digestOf({ a: "1", b: "2" }),
    digestOf({}),
  ]);
  assert.is(new Set(digests).size, digests.length);
});

test("what tools make is ignored", async () => {
  const ignored = { "node_modules/x/y.js": "1", ".git/HEAD": "2", "s/__pycache__/s.pyc": "3" };
  assert.is(await digestOf({ a: "1", ...ignored }), await digestOf({ a: "1" }));
});

test("a link counts by where it points and is not followed", async () => {
  await withFolder({ a: "1" }, async (folder) => {
    const without = await digestFolder(folder);
    await symlink("/dev/zero", join(folder, "link"));
    await symlink(folder, join(folder, "loop"));
    assert.is.not(await digestFolder(folder), without);
  });
});

test("a folder at the bounds is read, one beyond is refused with the bound", async () => {
  await withFolder({ a: "12", b: "34" }, async (folder) => {
    await digestFolder(folder, { files: 2, bytes: 4 });
    const files = await rejection(digestFolder(folder, { files: 1, bytes: 4 }), ManifestError);
    assert.is(files.code, "unreadable");
    assert.match(files.message, "more than 1 files");
    const bytes = await rejection(digestFolder(folder, { files: 2, bytes: 3 }), ManifestError);
    assert.match(bytes.message, "more than 3 bytes");
  });
});

test("the bounds hold by default", async () => {
  await withFolder({}, async (folder) => {
    await Promise.all(
      Array.from({ length: 2001 }, (_, index) => writeFile(join(folder, `${index}`), "")),
    );
    assert.match((await rejection(digestFolder(folder), ManifestError)).message, "2000 files");
  });
});

test.run();
