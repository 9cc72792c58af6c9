import { test } from "uvu";
import * as assert from "uvu/assert";
import { readOptions as read, usage } from "./options.ts";
import type { Options } from "./options.ts";

const PROGRAM = { name: "redirect", parts: { "301": "the answers", file: "a large file" } };

const readOptions = (argv: readonly string[]) => read(argv, PROGRAM);

test("measures everything on every runtime unless told otherwise", () => {
  const { parts, runtimes, rounds } = readOptions([]) as Options;
  assert.equal([parts, runtimes, rounds], [["301", "file"], ["bun", "deno", "node"], 10]);
});

test("takes what is given", () => {
  const argv = "--rounds 3 --seconds 1 --only file --runtimes node,bun --json out.json".split(" ");
  const options = readOptions(argv) as Options;
  assert.equal([options.rounds, options.seconds, options.json], [3, 1, "out.json"]);
  assert.equal([options.parts, options.runtimes], [["file"], ["node", "bun"]]);
});

test("a runtime named twice is measured once", () => {
  assert.equal((readOptions(["--runtimes", "bun,bun"]) as Options).runtimes, ["bun"]);
});

test("the usage names the program and its parts", () => {
  assert.match(usage(PROGRAM), /bench\/peers\/redirect\.ts[^]*--only 301\|file[^]*a large file/);
});

test("asks for help with -h", () => {
  assert.is(readOptions(["-h"]), "help");
});

const WRONG: readonly [argv: string, told: RegExp][] = [
  ["--rounds 0", /--rounds "0" is not a whole number in 1..1000/],
  ["--rounds ten", /"ten"/],
  ["--seconds 1.5", /"1.5" is not a whole number in 1..60/],
  ["--only 302", /"302" is none of 301, file/],
  ["--runtimes bun,java", /"java" is none of bun, deno, node/],
  ["--round 3", /--rounds <number>/],
];

for (const [argv, told] of WRONG) {
  test(`refuses ${argv}`, () => {
    assert.throws(() => readOptions(argv.split(" ")), told);
  });
}

test.run();
