/** README stays true: its numbers, its links, its commands. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { packageRoot } from "./engine/package.ts";
import { SUITES } from "./suites.ts";

const test = suite("README");
const readme = readFileSync(join(packageRoot, "README.md"), "utf8");

for (const { system, rules, cases } of SUITES) {
  test(`says how many rules and cases ${system} has`, () => {
    assert.ok(
      readme.includes(`${rules.length} rules, ${cases.length} cases`),
      `${rules.length} rules, ${cases.length} cases`,
    );
  });
}

const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "docs/golden-format.md",
  "docs/peers.md",
  "docs/proxy-manifest.md",
  "docs/published-proxy.md",
];

for (const document of DOCUMENTS) {
  test(`${document} links to files that are there`, () => {
    const text = readFileSync(join(packageRoot, document), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) =>
      match[1] as string
    );
    const missing = links.filter((link) => !existsSync(join(packageRoot, dirname(document), link)));
    assert.equal(missing, []);
  });
}

test("names targets that the Makefile has", () => {
  const makefile = readFileSync(join(packageRoot, "Makefile"), "utf8");
  for (const [, target] of readme.matchAll(/^make ([a-z]+)/gm)) {
    assert.match(makefile, new RegExp(`^${target}:`, "m"));
  }
});

test.run();
