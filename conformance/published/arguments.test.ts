import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { packageRoot } from "../engine/package.ts";
import { readArguments, WrongUsage } from "./arguments.ts";

function refusal(...argv: string[]): string {
  try {
    readArguments(argv);
  } catch (error) {
    assert.instance(error, WrongUsage);
    return (error as Error).message;
  }
  throw new Error(`${argv.join(" ")} was taken`);
}

test("the document comes alone, or with options of check, which are passed on", () => {
  assert.equal(readArguments(["lab.txt"]), {
    help: false,
    demo: false,
    document: "lab.txt",
    options: [],
  });
  const { document, options } = readArguments(
    ["--only", "a", "lab.txt", "--fast", "--only=b", "--seed", "2"],
  );
  assert.is(document, "lab.txt");
  assert.equal(options, ["--only", "a", "--only", "b", "--fast", "--seed", "2"]);
});

test("a file that is to be written in /tmp is written in the /tmp outside", () => {
  const { options } = readArguments(
    ["lab.txt", "--report", "json=/tmp/a/r.json", "--traces", "/tmp/t", "--report", "tap=/var/r"],
  );
  assert.equal(options, [
    "--report",
    "json=/tmp/outside/a/r.json",
    "--report",
    "tap=/var/r",
    "--traces",
    "/tmp/outside/t",
  ]);
});

test("a file in the package is written there, wherever the package lies", () => {
  const file = join(packageRoot, "report.json");
  assert.equal(readArguments(["x", "--report", `json=${file}`]).options[1], `json=${file}`);
});

test("no document, two, and options that are none are refused with the usage", () => {
  assert.match(refusal(), /one document is needed, and 0 are given[^]*run\.ts DOCUMENT/);
  assert.match(refusal("a", "b"), "2 are given");
  assert.match(refusal("a", "--jobs", "4"), "'--jobs'");
});

test("help needs no document", () => {
  assert.is(readArguments(["--help"]).help, true);
});

test.run();
