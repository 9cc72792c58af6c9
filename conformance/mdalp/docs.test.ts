/** What the documents show is what the suite takes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseTrace } from "../engine/golden/parse-trace.ts";
import { parseManifest } from "../engine/manifest/mod.ts";
import { packageRoot } from "../engine/package.ts";
import { RESULTS, sentenceIn, sharesIn, transactionIn } from "./results.ts";
import { mdalpRules } from "./rules.ts";

const test = suite("documents");

/** The fenced blocks of a document in one language. */
function blocks(document: string, language: string): string[] {
  const text = readFileSync(join(packageRoot, "docs", document), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))]
    .map(([, block]) => block as string);
}

test("the traces of docs/golden-format.md are read, and name rules", () => {
  const shown = blocks("golden-format.md", "trace");
  assert.is(shown.length, 2);
  for (const text of shown) {
    const { keys, steps } = parseTrace("docs/golden-format.md", text);
    const rule = mdalpRules.find(({ id }) => id === keys.id?.split("/")[0]);
    assert.is(rule?.role, keys.role);
    assert.is(rule?.level, keys.level);
    assert.ok(steps.length >= 5);
  }
});

test("the manifest of docs/mdalp-manifest.md is one, its results are understood", () => {
  const [manifest = "", results = ""] = blocks("mdalp-manifest.md", "json");
  parseManifest(JSON.parse(manifest), "docs/mdalp-manifest.md", { ruleIds: [], caseIds: [] });
  const fields = transactionIn(JSON.parse(results), 3740);
  assert.ok(fields);
  assert.is(sentenceIn(fields), RESULTS.completed);
  assert.equal(sharesIn(fields, 3).get("shares"), [19, 40, 41]);
});

test.run();
