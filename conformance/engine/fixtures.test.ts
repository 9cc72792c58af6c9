import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "./bytes.ts";
import { fixture, LARGE_BYTES, largeFile, makeRoot, SECRET } from "./fixtures.ts";
import { packageRoot } from "./package.ts";

const FOLDER = join(packageRoot, "golden", "files");

function listed(): Map<string, string> {
  const lines = readFileSync(join(FOLDER, "SHA256SUMS"), "utf8").trimEnd().split("\n");
  return new Map(lines.map((line) => {
    const match = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
    assert.ok(match, `${JSON.stringify(line)} is no line of sha256sum`);
    return [match![2] as string, match![1] as string];
  }));
}

async function withFolder(body: (folder: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-fixtures-"));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("SHA256SUMS holds for every fixture, the large one too", () => {
  const sums = listed();
  assert.ok(sums.has("large.bin"));
  for (const [name, sum] of sums) assert.is(sha256(fixture(name)), sum, name);
});

test("SHA256SUMS lists every file of its folder", () => {
  const files = readdirSync(FOLDER).filter((name) => name !== "SHA256SUMS");
  assert.equal([...listed().keys()].sort(), [...files, "large.bin"].sort());
});

test("each fixture is what its name says", () => {
  assert.is(fixture("empty.txt").length, 0);
  assert.is(new Set(fixture("every-byte.bin")).size, 256);
  assert.is(fixture("crlf-ends.txt").subarray(0, 2).toString(), "\r\n");
  assert.is(fixture("crlf-ends.txt").subarray(-2).toString(), "\r\n");
  assert.match(fixture("page.html").toString(), /<html/i);
  assert.is(fixture("picture.png").toString("latin1", 0, 8), "\x89PNG\r\n\x1a\n");
  assert.is(largeFile().length, LARGE_BYTES);
  assert.is(largeFile(), largeFile());
});

test("a name that is none is an error", () => {
  assert.throws(() => fixture("nothing.txt"), /nothing\.txt/);
});

test("a root holds the fixtures under their names", () =>
  withFolder((folder) => {
    const root = join(folder, "site", "root");
    makeRoot(root);
    for (
      const [path, name] of [
        ["page.html", "page.html"],
        ["files/nested/page.html", "page.html"],
        [
          "with space.txt",
          "notes.txt",
        ],
        ["höflich.txt", "notes.txt"],
        ["empty.txt", "empty.txt"],
      ] as const
    ) {
      assert.equal(readFileSync(join(root, path)), fixture(name), path);
    }
    assert.not(existsSync(join(root, "large.bin")));
  }));

test("links lead out of the root, to a secret that no file within holds", () =>
  withFolder((folder) => {
    const root = join(folder, "site", "root");
    makeRoot(root);
    for (const link of ["link.txt", "linked"]) {
      assert.ok(lstatSync(join(root, link)).isSymbolicLink(), link);
      assert.not(realpathSync(join(root, link)).startsWith(`${realpathSync(root)}/`), link);
    }
    assert.match(readFileSync(join(root, "link.txt"), "utf8"), SECRET);
    assert.match(readFileSync(join(root, "linked", "secret.txt"), "utf8"), SECRET);
    assert.match(readFileSync(join(root, "..", "secret.txt"), "utf8"), SECRET);
    const within = readdirSync(root, { recursive: true, encoding: "utf8" })
      .map((path) => join(root, path))
      .filter((path) => realpathSync(path).startsWith(`${realpathSync(root)}/`))
      .filter((path) => statSync(path).isFile());
    assert.ok(within.length >= 10);
    for (const path of within) assert.not(readFileSync(path).includes(SECRET), path);
  }));

test("the large file is there where it is asked for, also when the first copy is gone", () =>
  withFolder((folder) => {
    for (const name of ["one", "two"]) {
      const root = join(folder, name, "root");
      makeRoot(root, { large: true });
      assert.is(sha256(readFileSync(join(root, "large.bin"))), listed().get("large.bin"), name);
    }
    rmSync(join(folder, "one"), { recursive: true });
    const root = join(folder, "three", "root");
    makeRoot(root, { large: true });
    assert.is(statSync(join(root, "large.bin")).size, LARGE_BYTES);
  }));

test.run();
