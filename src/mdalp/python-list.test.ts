import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parsePythonLiteral, PythonLiteralError, writePythonString } from "./python-list.ts";

const test = suite("python list");

test("reads a plan as the published servers wrote it", () => {
  const value = parsePythonLiteral(
    "[{'ip_address': '177.71.168.45', 'name': '5th Receiver'}, {\"name\": \"a, 'b'\", 'ip_address': '1.2.3.4'}]",
  );
  assert.equal(value, [
    new Map([["ip_address", "177.71.168.45"], ["name", "5th Receiver"]]),
    new Map([["name", "a, 'b'"], ["ip_address", "1.2.3.4"]]),
  ]);
});

const LITERALS: readonly (readonly [string, unknown])[] = [
  ["[]", []],
  ["[1, -2.5, 1e3, None, True, False,]", [1, -2.5, 1000, null, true, false]],
  ["'a' \"b\"", "ab"],
  ["u'caf\\u00e9'", "caf\u00e9"],
  ["'\\x41\\101\\n\\q'", "AA\n\\q"],
  ["{'k': [{}]}", new Map([["k", [new Map()]]])],
];

for (const [text, value] of LITERALS) {
  test(`reads ${text}`, () => assert.equal(parsePythonLiteral(text), value));
}

const CODE = [
  "__import__('os').system('true')",
  "[print(1)]",
  "[x for x in y]",
  "'a' + 'b'",
  "f'{1}'",
  "[1, 2",
  "{'a' 'b'}",
  "{1: 2}",
  "'no end",
  "",
  "[".repeat(100),
];

for (const text of CODE) {
  test(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
    assert.throws(
      () => parsePythonLiteral(text),
      (error: unknown) => error instanceof PythonLiteralError,
    );
  });
}

test("any text comes back through a written string", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.is(parsePythonLiteral(writePythonString(text)), text);
  }));
});

test("any text gives a value or a PythonLiteralError", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    try {
      parsePythonLiteral(text);
    } catch (error) {
      assert.instance(error, PythonLiteralError);
    }
  }));
});

test("Python itself reads what is written", () => {
  const samples = [
    "plain",
    "it's",
    "both ' and \"",
    "back\\slash",
    "line\nend",
    "\x00\x7f",
    "h\u00f6flich \u{1f600}",
  ];
  const program = "import ast, json, sys\n" +
    "print(json.dumps([ast.literal_eval(line) for line in json.load(sys.stdin)]))";
  const ended = spawnSync("python3", ["-c", program], {
    input: JSON.stringify(samples.map(writePythonString)),
    encoding: "utf8",
  });
  if (ended.error) {
    return console.log("skipped: Python itself reads what is written: needs python3");
  }
  assert.equal(JSON.parse(ended.stdout), samples);
});

test.run();
