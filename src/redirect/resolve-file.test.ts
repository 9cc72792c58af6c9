import { closeSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openTarget, targetPath } from "./resolve-file.ts";
import { withFolder } from "./test-kit.ts";

const SECRET = "outside";

/** A root with files and links, and beside it files that no target may reach. */
function withRoot(run: (root: string) => void): Promise<void> {
  return withFolder((folder) => {
    const root = join(folder, "root");
    mkdirSync(join(root, "sub", "deep"), { recursive: true });
    mkdirSync(join(folder, "root-beside"));
    for (const name of ["secret", "index.html", "root-beside/secret"]) {
      writeFileSync(join(folder, name), SECRET);
    }
    for (const name of ["index.html", "a b", "\u00e9", "sub/f", "sub/index.html", "sub/deep/g"]) {
      writeFileSync(join(root, name), `inside ${name}`);
    }
    symlinkSync(join(folder, "secret"), join(root, "link"));
    symlinkSync("..", join(root, "up"));
    symlinkSync("../root-beside", join(root, "beside"));
    symlinkSync("/", join(root, "sub", "top"));
    symlinkSync("sub/f", join(root, "inner"));
    run(root);
  });
}

/** The content that a target leads to. */
function content(root: string, target: string): string | undefined {
  const file = openTarget(root, target);
  if (!file) return undefined;
  const text = readFileSync(file.descriptor, "utf8");
  assert.is(file.size, new TextEncoder().encode(text).length);
  closeSync(file.descriptor);
  return text;
}

const SERVED: readonly [string, string][] = [
  ["/", "index.html"],
  ["/index.html", "index.html"],
  ["/?q", "index.html"],
  ["//index.html", "index.html"],
  ["/./sub/./f", "sub/f"],
  ["/sub%2ff", "sub/f"],
  ["/%73ub/f?x=..#y", "sub/f"],
  ["/sub/", "sub/index.html"],
  ["/a%20b", "a b"],
  ["/%C3%A9", "\u00e9"],
  ["http://anyone:80/sub/f", "sub/f"],
  ["http://anyone", "index.html"],
];

test("opens the file that a target names", () =>
  withRoot((root) => {
    for (const [target, name] of SERVED) assert.is(content(root, target), `inside ${name}`, target);
    assert.is(content(root, "/inner"), "inside sub/f", "a link that stays inside");
  }));

const NOT_SERVED = [
  "/none",
  "/sub",
  "/sub/deep/",
  "/sub/f/",
  "/sub/f/x",
  "/a\0b",
  "/%00",
  "/%ff",
  "/%",
  "*",
  "sub/f",
  "/../secret",
  "/%2e%2e/secret",
  "/..%2fsecret",
  "/sub/../index.html",
  "/link",
  "/up/secret",
  "/up/root/sub/../../secret",
  "/beside/secret",
  "/sub/top/etc/passwd",
  "//etc/passwd",
  "/../root-beside/secret",
  "http://a/../secret",
  "/..\\secret",
];

test("opens nothing else", () =>
  withRoot((root) => {
    for (const target of NOT_SERVED) {
      assert.is(content(root, target), undefined, JSON.stringify(target));
    }
  }));

test("never opens a file outside the root, whatever the target is made of", () =>
  withRoot((root) => {
    const piece = fc.constantFrom(
      "/",
      "//",
      "..",
      ".",
      "%2e",
      "%2E%2e",
      "%2f",
      "%5c",
      "\\",
      "%00",
      "%",
      "%252e",
      "secret",
      "root-beside",
      "root",
      "up",
      "beside",
      "link",
      "sub",
      "top",
      "f",
      "index.html",
      "etc",
      "passwd",
      "?",
      "#",
      "http://a",
      ";",
      " ",
      "\u00e9",
    );
    let opened = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const target = `/${pieces.join("")}`;
        const text = content(root, target);
        if (text === undefined) return;
        opened++;
        assert.match(text, /^inside /, `${target} led out of the root`);
      }),
      { numRuns: 5000 },
    );
    assert.ok(opened > 0, "no target led to any file: the test says nothing");
  }));

test("gives the path of a target without dots, or nothing", () => {
  assert.is(targetPath("/a//./b/"), "a/b/");
  assert.is(targetPath("/"), "");
  assert.is(targetPath("/a/%2e%2e/b"), undefined);
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const path = targetPath(text);
    assert.not.ok(path?.startsWith("/") || path?.split("/").includes("..") || path?.includes("\0"));
  }));
});

test.run();
