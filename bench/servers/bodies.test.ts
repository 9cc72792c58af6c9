import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Lifetime } from "../lifetime.ts";
import { writeBody } from "./bodies.ts";

const life = new Lifetime("ignore");
test.after(() => life.end());

test("a body is as long as asked for, and its digest is its own", () => {
  for (const bytes of [0, 1, 1000, 1_048_576, 2_500_001]) {
    const body = writeBody(life.folder, "a.bin", bytes, 7);
    const written = readFileSync(join(life.folder, "a.bin"));
    assert.is(written.length, bytes);
    assert.is(createHash("sha256").update(written).digest("hex"), body.sha256);
  }
});

test("the seed and the name tell bodies apart, and the same ones give the same", () => {
  const digest = (name: string, seed: number) => writeBody(life.folder, name, 100, seed).sha256;
  assert.is(digest("a", 1), digest("a", 1));
  assert.is(new Set([digest("a", 1), digest("a", 2), digest("b", 1)]).size, 3);
});

test("no stretch of a body is another one again", () => {
  writeBody(life.folder, "b.bin", 100_000, 1);
  const written = readFileSync(join(life.folder, "b.bin"));
  assert.is(written.indexOf(written.subarray(0, 16), 1), -1);
});

test.run();
