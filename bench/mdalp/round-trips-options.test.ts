import { test } from "uvu";
import * as assert from "uvu/assert";
import { readOptions } from "./round-trips-options.ts";

test("measures every runtime on all cores unless told otherwise", () => {
  assert.equal(readOptions([]), {
    rounds: 10,
    seconds: 1,
    runtimes: ["bun", "deno", "node"],
    oneCore: false,
    bytes: 1_000_000,
  });
});

test("takes what is given, and a runtime named twice once", () => {
  const argv = "--rounds 3 --seconds 2 --runtimes node,bun,node --cores one --bytes 0".split(" ");
  assert.equal(readOptions(argv), {
    rounds: 3,
    seconds: 2,
    runtimes: ["node", "bun"],
    oneCore: true,
    bytes: 0,
  });
});

test("asks for help with -h", () => {
  assert.is(readOptions(["-h"]), "help");
});

const WRONG: readonly [argv: string, told: RegExp][] = [
  ["--rounds 0", /--rounds "0" is not a whole number in 1..1000/],
  ["--cores 2", /--cores "2" is none of one, all/],
  ["--runtimes bun,java", /"java" is none of bun, deno, node/],
  ["--bytes 10000001", /in 0..10000000/],
  ["--core one", /--cores one\|all/],
];

for (const [argv, told] of WRONG) {
  test(`refuses ${argv}`, () => {
    assert.throws(() => readOptions(argv.split(" ")), told);
  });
}

test.run();
