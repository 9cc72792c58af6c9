import { test } from "uvu";
import * as assert from "uvu/assert";
import { among, OptionError, parseOptions, runtimesOf, whole } from "./options.ts";

const parse = (...argv: string[]) => parseOptions(argv, ["rounds", "only"], "Usage: this");

/** The message of an OptionError. */
function refused(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.instance(error, OptionError);
    return (error as OptionError).message;
  }
  return assert.unreachable() as never;
}

test("takes the options that it is told of, each with its value, and -h", () => {
  assert.equal({ ...parse("--rounds", "3", "--only=a") }, { rounds: "3", only: "a" });
  assert.is(parse("-h").help, true);
});

test("refuses others with the usage", () => {
  assert.match(refused(() => parse("--round", "3")), /--round'[^]*\nUsage: this$/);
  assert.match(refused(() => parse("--rounds")), "Usage: this");
});

test("a whole number is within its range, or what is usual", () => {
  const range = { least: 1, most: 10 };
  assert.is(whole("rounds", undefined, 7, range), 7);
  assert.is(whole("rounds", "10", 7, range), 10);
  for (const given of ["0", "11", "1.5", "ten", "", "Infinity"]) {
    const told = `--rounds ${JSON.stringify(given)} is not a whole number in 1..10`;
    assert.is(refused(() => whole("rounds", given, 7, range)), told);
  }
});

test("a word is among those that are allowed", () => {
  assert.is(among("only", "b", ["a", "b"]), "b");
  assert.is(refused(() => among("only", "c", ["a", "b"])), '--only "c" is none of a, b');
});

test("runtimes are in the order given, each once, or all", () => {
  assert.equal(runtimesOf("node,bun,node"), ["node", "bun"]);
  assert.equal(runtimesOf(undefined), ["bun", "deno", "node"]);
  assert.match(refused(() => runtimesOf("bun,perl")), '"perl" is none of bun, deno, node');
});

test.run();
