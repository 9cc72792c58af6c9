/** Holds the arrows of the design's Layout: who may import whom, and who knows the runtimes. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["src", "conformance", "bench"];

/** Comments, templates, strings and regular expressions, whose text is no code. */
const NO_CODE = new RegExp(
  [
    String.raw`\/\/.*`,
    String.raw`\/\*[^]*?\*\/`,
    "`(?:\\\\[^]|[^`\\\\])*`",
    String.raw`"(?:\\.|[^"\\\n])*"`,
    String.raw`'(?:\\.|[^'\\\n])*'`,
    String
      .raw`(?<=[=(,:!&|?{};\n>\[]\s*)\/(?![*\/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\/\\\n\[])+\/[a-z]*`,
  ].join("|"),
  "g",
);

/** The code with each string as a number, and the strings. */
function codeOf(source: string): { code: string; strings: string[] } {
  const strings: string[] = [];
  const code = source.replace(NO_CODE, (text) => {
    if (!/^["']/.test(text)) return " ";
    return `"${strings.push(text.slice(1, -1)) - 1}"`;
  });
  return { code, strings };
}

/** What a file imports or exports from. */
function importsOf(source: string): string[] {
  const { code, strings } = codeOf(source);
  const found = code.matchAll(
    /\b(?:import|export)\b[^"();=]*?\bfrom\s*"(\d+)"|\bimport\s*\(?\s*"(\d+)"/g,
  );
  return Array.from(found, ([, from, bare]) => strings[Number(from ?? bare)] as string);
}

/** The layer of a path: `src/net`, `conformance`, `bench`, or the path's first part. */
function layerOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "src" ? `src/${second}` : first;
}

function forbidden(from: string, to: string): string | undefined {
  const [source, target] = [layerOf(from), layerOf(to)];
  if (source === target) return undefined;
  if (target === "golden") return "golden is read, never imported";
  if (target === "src/cli") return "nothing imports src/cli, the roof";
  if (source === "src/net") return "src/net stands on nothing of ours";
  if (source === "src/http1" && target !== "src/net") return "src/http1 stands on src/net alone";
  const below = source.startsWith("src/") && source !== "src/cli";
  if (below && !target.startsWith("src/")) return "in src only src/cli imports what is outside";
  return undefined;
}

/** What is wrong with a file, a line each. */
function faults(path: string, source: string, exists: (path: string) => boolean): string[] {
  const found: string[] = [];
  for (const specifier of importsOf(source)) {
    if (!specifier.startsWith(".")) continue;
    const target = join(dirname(path), specifier);
    if (!specifier.endsWith(".ts")) found.push(`${path}: ${specifier} does not end in .ts`);
    else if (!exists(target)) found.push(`${path}: ${specifier} does not exist`);
    const reason = forbidden(path, target);
    if (reason) found.push(`${path}: imports ${specifier}: ${reason}`);
  }
  // A name in a string is harmless, unless it picks the global: globalThis["Bun"].
  const { code, strings } = codeOf(source);
  const named = /(?<![\w$])(?:Bun|Deno)(?![\w$])/.test(code) ||
    Array.from(code.matchAll(/\[\s*"(\d+)"\s*\]/g)).some(([, index]) =>
      /^(Bun|Deno)$/.test(strings[Number(index)] as string) && /globalThis/.test(code)
    );
  if (named && layerOf(path) !== "src/net") {
    found.push(`${path}: names a runtime's global; only src/net asks which runtime it is`);
  }
  return found;
}

function sourceFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
    .map((name) => relative(ROOT, join(folder, name)));
}

test("every file keeps to the arrows", () => {
  const files = FOLDERS.flatMap((folder) => sourceFiles(join(ROOT, folder)));
  assert.ok(files.length > 30, `only ${files.length} files were found`);
  const found = files.flatMap((path) =>
    faults(path, readFileSync(join(ROOT, path), "utf8"), (target) => existsSync(join(ROOT, target)))
  );
  assert.is(found.join("\n"), "");
});

test("sees the imports of the redirect balancer", () => {
  const source = readFileSync(join(ROOT, "src/redirect/balancer.ts"), "utf8");
  assert.ok(importsOf(source).includes("../http1/mod.ts"));
  assert.ok(importsOf(source).length > 5);
});

/** Files that break an arrow, and what is said of them. */
const BROKEN: readonly [path: string, source: string, told: string][] = [
  ["src/net/a.ts", 'import { b } from "../http1/mod.ts";', "nothing of ours"],
  ["src/http1/a.ts", 'import { b } from "../redirect/mod.ts";', "src/net alone"],
  ["src/http1/a.ts", 'export * from "../../conformance/mod.ts";', "src/net alone"],
  ["src/redirect/a.ts", 'import "../cli/main.ts";', "roof"],
  ["src/redirect/a.ts", 'import type { B } from "../../conformance/mod.ts";', "only src/cli"],
  ["src/redirect/a.ts", 'const b = await import("../../bench/mod.ts");', "only src/cli"],
  ["src/redirect/a.ts", "import {\n  b,\n  c,\n} from '../../bench/mod.ts';", "only src/cli"],
  ["conformance/a.ts", 'export { b } from "../src/cli/main.ts";', "roof"],
  ["bench/a.ts", 'import * as b from "../src/cli/main.ts";', "roof"],
  ["conformance/a.ts", 'import b from "../golden/b.ts";', "golden"],
  ["src/cli/a.ts", 'import b from "../../golden/b.json" with { type: "json" };', "golden"],
  ["src/redirect/a.ts", 'import b from "./b";', "does not end in .ts"],
  ["src/redirect/a.ts", 'import b from "./b.js";', "does not end in .ts"],
  ["src/redirect/a.ts", 'import b from "./gone.ts";', "does not exist"],
  ["src/redirect/a.ts", "if (Bun.version) go();", "only src/net asks"],
  ["conformance/a.ts", "(globalThis as { Deno?: unknown }).Deno", "only src/net asks"],
  ["conformance/a.ts", 'globalThis["Bun"]', "only src/net asks"],
];

for (const [path, source, told] of BROKEN) {
  test(`finds fault with ${source.replace(/\s+/g, " ")} in ${path}`, () => {
    const found = faults(path, source, (target) => !target.includes("gone"));
    assert.ok(found.some((line) => line.includes(told)), found.join("\n") || "nothing was found");
  });
}

/** Files that break none. */
const WHOLE: readonly [path: string, source: string][] = [
  ["src/http1/a.ts", 'import { b } from "../net/mod.ts";'],
  ["src/cli/a.ts", 'import { b } from "../../conformance/mod.ts";\nimport "../../bench/mod.ts";'],
  ["conformance/a.ts", 'import { b } from "../src/http1/mod.ts";\nimport { test } from "uvu";'],
  ["src/net/a.ts", "export const a = Bun.version;"],
  ["src/redirect/a.ts", '// Bun and import "./gone.ts"\n/* Deno */ const a = "Bun";'],
  ["src/redirect/a.ts", 'const a = `import b from "./gone.ts"`; const c = /["`]Deno/;'],
  ["src/redirect/a.ts", "const a = \"import b from './gone.ts'\";"],
];

for (const [path, source] of WHOLE) {
  test(`finds no fault with ${source.replace(/\s+/g, " ")} in ${path}`, () => {
    assert.equal(faults(path, source, (target) => !target.includes("gone")), []);
  });
}

test.run();
