/**
 * What is checked against what: the judge's writer (planText) and the reference's (writePlan) are read
 * by Python's own ast.literal_eval, the judge's reader (seenPlan) and the reference's (readMessage)
 * read what Python's own repr() wrote. So a fault that judge and reference had in common would show
 * here, and no case can pass by it. Heads of data and acks are compared with the bytes of the spec.
 */
import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import process from "node:process";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readMessage, writePlan } from "../../src/mdalp/mod.ts";
import { bytesOf } from "../engine/bytes.ts";
import { needs } from "../testing.ts";
import { ackBytes, dataBytes, datagramText, planText, seenMessage } from "./seen-message.ts";
import { seenPlan } from "./servers.ts";

const test = suite("seen messages");

interface Receiver {
  readonly address: string;
  readonly name: string;
}

const plain = (name: string): Receiver => ({ address: "10.0.0.1", name });

/** Names that a writer or a reader may trip over. */
const ODD_NAMES = [
  "",
  "5th Receiver",
  "Alice's",
  'the "5th"',
  `Alice's "5th"`,
  "back\\slash",
  "ends in \\",
  "\\'",
  "a, b; c: [d] {e}",
  "];",
  "Empf\u00e4nger \u65e5\u672c",
  "\u{1f600}",
  "\u00a0\u00ad\u2028\u2029\u200b",
  "\0\x01\x07\b\t\n\v\f\r\x1b\x7f\x80\x9f",
  "\\x41 \\u0041 \\N{DIGIT ONE} \\101",
  "'ip_address'",
];

const CHARACTER = fc.oneof(
  fc.constantFrom("'", '"', "\\", "\n", "\r", "\t", "\0", "\x1b", "\x7f", "\x85", "\u2028"),
  fc.constantFrom("x41", "u", "N{", "[", "{", "}", "]", ",", ";", ":", " ", "7"),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 3 }),
);
const NAME = fc.array(CHARACTER, { maxLength: 12 }).map((parts) => parts.join(""));
const PLAN = fc.array(fc.record({ address: fc.ipV4(), name: NAME }, { noNullPrototype: true }), {
  minLength: 1,
  maxLength: 10,
});
const SEED = 4650;

const PLANS: readonly (readonly Receiver[])[] = [
  ...ODD_NAMES.map((name) => [plain(name)]),
  ...fc.sample(PLAN, { numRuns: 300, seed: SEED }),
];

/** Runs Python on a JSON value; what it prints is JSON too. */
function python(program: string, input: unknown): unknown {
  const source = `import ast, json, sys\ninput = json.load(sys.stdin)\n${program}`;
  return JSON.parse(execFileSync("python3", ["-c", source], {
    input: JSON.stringify(input),
    encoding: "utf8",
    env: { ...process.env, PYTHONIOENCODING: "utf-8" },
    maxBuffer: 64 * 1024 * 1024,
  }));
}

/** Strict, so that a plan that is no UTF-8 fails. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The receivers of each plan, its DATA read by Python. */
function readByPython(plans: readonly Uint8Array[]): Receiver[][] {
  const read = python(
    `print(json.dumps([ast.literal_eval(bytes.fromhex(one).decode("utf-8")) for one in input]))`,
    plans.map((bytes) => {
      const data = /^Type:1;TID:3740;DATA:(.*);$/s.exec(UTF8.decode(bytes))?.[1];
      assert.ok(data !== undefined, datagramText(bytes));
      return Buffer.from(data as string).toString("hex");
    }),
  ) as { ip_address: string; name: string }[][];
  return read.map((list) => list.map(({ ip_address, name }) => ({ address: ip_address, name })));
}

/** Each plan's datagram with its DATA as Python's repr writes it. */
function writtenByPython(plans: readonly (readonly Receiver[])[]): Uint8Array[] {
  const texts = python(
    `print(json.dumps([repr([{"ip_address": r["address"], "name": r["name"]} for r in one]) ` +
      `for one in input]))`,
    plans,
  ) as string[];
  return texts.map((data) => new TextEncoder().encode(`Type:1;TID:3740;DATA:${data};`));
}

needs(test, "python3", "Python reads the plans that the judge writes", () => {
  const written = PLANS.map((plan) => new TextEncoder().encode(planText(3740, plan)));
  assert.equal(readByPython(written), PLANS);
});

needs(test, "python3", "Python reads the plans that the reference writes", () => {
  assert.equal(readByPython(PLANS.map((plan) => writePlan(3740, plan))), PLANS);
});

needs(test, "python3", "the judge reads the plans that Python writes", () => {
  for (const [i, bytes] of writtenByPython(PLANS).entries()) {
    const addresses = (PLANS[i] as Receiver[]).map(({ address }) => address);
    assert.equal(seenPlan(bytes), { tid: 3740, addresses });
  }
});

needs(test, "python3", "the reference reads the plans that Python writes", () => {
  for (const [i, bytes] of writtenByPython(PLANS).entries()) {
    assert.equal(readMessage(bytes), { type: "plan", tid: 3740, receivers: PLANS[i] });
  }
});

test("the judge writes a plan as it was captured", () => {
  assert.is(
    planText(3740, [{ address: "177.71.168.45", name: "5th Receiver" }]),
    "Type:1;TID:3740;DATA:[{'ip_address': '177.71.168.45', 'name': '5th Receiver'}];",
  );
});

const NO_PLANS = [
  "",
  "Type:0;",
  "Type:1;TID:3740;DATA:[];",
  "Type:1;TID:x;DATA:[{'ip_address': '1.2.3.4'}];",
  "Type:1;TID:3740;DATA:[{'ip_address': '1.2.3.4'}]",
  "Type:1;TID:3740;DATA:[{'address': '1.2.3.4'}];",
];

for (const text of NO_PLANS) {
  test(`the judge takes ${JSON.stringify(text)} for no plan`, () => {
    assert.is(seenPlan(bytesOf(text)), undefined);
  });
}

test("a plan in double quotes, its names first, is one", () => {
  const text = `Type:1;TID:7;DATA:[{"name": "x", "ip_address": "1.2.3.4"}];`;
  assert.equal(seenPlan(bytesOf(text)), { tid: 7, addresses: ["1.2.3.4"] });
});

test("data and acks have the bytes of the spec", () => {
  const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
  assert.is(text(ackBytes(3740, 10)), "Type:3;TID:3740;SEQ:10;");
  assert.is(text(dataBytes(3740, 10, bytesOf("a;b"))), "Type:2;TID:3740;SEQ:10;DATA:a;b");
  assert.is(text(dataBytes("x", -1, bytesOf(""))), "Type:2;TID:x;SEQ:-1;DATA:");
});

test("data is seen whatever its payload holds", () => {
  fc.assert(fc.property(fc.nat(99_999), fc.nat(99_999), fc.uint8Array(), (tid, seq, payload) => {
    const seen = seenMessage(dataBytes(tid, seq, payload));
    assert.is(seen.type, "data");
    if (seen.type !== "data") return;
    assert.equal([seen.tid, seen.seq, [...seen.payload]], [tid, seq, [...payload]]);
  }));
});

const SEEN: readonly (readonly [text: string, type: string])[] = [
  ["Type:0;", "intent"],
  ["Type:0", "intent"],
  ["Type: 0;\n", "intent"],
  ["Type:07;", "other"],
  ["Type:3;TID:1;SEQ:2;", "ack"],
  ["Type:3;TID:1;SEQ:2", "ack"],
  ["Type:3;TID:1;SEQ:2;x", "other"],
  ["Type:2;TID:1;SEQ:2;", "other"],
  ["Type:2;TID:1;SEQ:-2;DATA:x", "other"],
  ["Type:1;TID:1;DATA:[];", "other"],
  ["", "other"],
];

for (const [text, type] of SEEN) {
  test(`${JSON.stringify(text)} is seen as ${type}`, () => {
    assert.is(seenMessage(bytesOf(text)).type, type);
  });
}

test("a datagram is shown on one line, and cut where it is long", () => {
  assert.is(datagramText(bytesOf("a\n\\\0\xff")), "a\\x0a\\\\\\x00\\xff");
  assert.is(datagramText(bytesOf("")), "{{empty}}");
  assert.is(datagramText(bytesOf("x".repeat(200))), `${"x".repeat(160)}... (200 bytes)`);
});

test.run();
