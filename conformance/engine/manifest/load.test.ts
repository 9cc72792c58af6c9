import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadManifest } from "./load.ts";
import { ManifestError } from "./manifest-error.ts";
import { rejection, withFolder } from "./test-folder.ts";

const known = { ruleIds: [], caseIds: [] };
const text = '{ "name": "x", "system": "redirect", "roles": { "server": { "run": ["s"] } } }\n';

test("a folder and the file in it load the same manifest", async () => {
  await withFolder({ "steelyard.json": text, "s.py": "" }, async (folder) => {
    const loaded = await loadManifest(folder, known);
    assert.is(loaded.manifest.name, "x");
    assert.is(loaded.folder, folder);
    assert.is(loaded.path, join(folder, "steelyard.json"));
    assert.is(loaded.text, text);
    assert.equal(await loadManifest(join(folder, "steelyard.json"), known), loaded);
  });
});

test("a manifest may have another name, and a mark of byte order", async () => {
  await withFolder({ "other.json": `\ufeff${text}` }, async (folder) => {
    const loaded = await loadManifest(join(folder, "other.json"), known);
    assert.is(loaded.folder, folder);
    assert.is(loaded.text, text);
  });
});

test("the digest is of the whole folder", async () => {
  await withFolder({ "steelyard.json": text, "s.py": "1" }, async (folder) => {
    const { digest } = await loadManifest(folder, known);
    await writeFile(join(folder, "s.py"), "2");
    assert.is.not((await loadManifest(folder, known)).digest, digest);
  });
});

test("what is not there says what to give", async () => {
  await withFolder({ file: "" }, async (folder) => {
    for (const path of [folder, join(folder, "no"), join(folder, "file", "x")]) {
      const error = await rejection(loadManifest(path, known), ManifestError);
      assert.is(error.code, "not-found");
      assert.match(error.message, "give a manifest, or a folder with a steelyard.json");
    }
  });
});

test("broken JSON is told with line and column", async () => {
  await withFolder({ "steelyard.json": '{\n  "name": "x",\n}' }, async (folder) => {
    const error = await rejection(loadManifest(folder, known), ManifestError);
    assert.is(error.code, "not-json");
    assert.match(error.message, "steelyard.json: is not JSON: line 2, column 14: ");
  });
});

test("bytes that are not UTF-8 are refused", async () => {
  await withFolder({}, async (folder) => {
    await writeFile(join(folder, "steelyard.json"), Uint8Array.of(0x7b, 0xff, 0x7d));
    const error = await rejection(loadManifest(folder, known), ManifestError);
    assert.is(error.code, "not-json");
    assert.match(error.message, "is not UTF-8");
  });
});

test("a file beyond a manifest's size is not read", async () => {
  await withFolder({ "steelyard.json": " ".repeat(1024 * 1024 + 1) }, async (folder) => {
    const error = await rejection(loadManifest(folder, known), ManifestError);
    assert.is(error.code, "unreadable");
    assert.match(error.message, "1048577 bytes must be <= 1048576");
  });
});

test("a wrong manifest names the file and all problems", async () => {
  const wrong =
    '{"name":"x","system":"redirect","roles":{"server":{"rnu":["s"]}},"claims":["a.b"]}';
  await withFolder({ "steelyard.json": wrong }, async (folder) => {
    const error = await rejection(loadManifest(folder, known), ManifestError);
    assert.is(error.code, "invalid");
    assert.is(error.problems.length, 3);
    assert.ok(
      error.message.includes('steelyard.json: roles.server.rnu: unknown key; did you mean "run"?'),
      error.message,
    );
  });
});

test.run();
