import { Buffer } from "node:buffer";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bytesOf } from "../engine/bytes.ts";
import { parseTrace } from "../engine/golden/parse-trace.ts";
import { tracePattern } from "../engine/golden/trace-pattern.ts";
import { writeTrace } from "./capture/write-trace.ts";
import { traceBytes, traceMatches } from "./trace-values.ts";
import type { TraceValues } from "./trace-values.ts";

const test = suite("trace values");

const values = (tid?: string): TraceValues => ({
  texts: { a: "127.9.9.2", "part 0": "\xc3\xa4", marker: "/tmp/x" },
  tid,
});
const sent = (written: string, tid?: string) =>
  traceBytes(tracePattern(written, "send"), values(tid)).toString("latin1");
const fits = (written: string, text: string, known = values()) =>
  traceMatches(tracePattern(written, "receive"), bytesOf(text), known);

const SENT: readonly (readonly [written: string, bytes: string])[] = [
  ["Type:0;", "Type:0;"],
  ["[{'ip_address': '{{a}}'}]", "[{'ip_address': '127.9.9.2'}]"],
  ["{{part 0}};", "\xc3\xa4;"],
  ["{{repeat 3 ab}}", "ababab"],
  ["{{repeat 2 \\x00}}", "\0\0"],
  ["{{{a}}}", "{127.9.9.2}"],
  ["\\x7b{a}}", "{{a}}"],
  ["{{tid}}9", "37409"],
  ["{{empty}}", ""],
  ["\\\\{{a}}", "\\127.9.9.2"],
];

for (const [written, bytes] of SENT) {
  test(`${written} is sent as ${JSON.stringify(bytes)}`, () => {
    assert.is(sent(written, "3740"), bytes);
  });
}

test("what has no value yet cannot be sent", () => {
  for (const written of ["{{tid}}", "{{b}}", "{{part 7}}"]) {
    assert.throws(() => sent(written), /has no one value, so it cannot be sent/);
  }
});

const MATCHED: readonly (readonly [written: string, text: string, is: boolean])[] = [
  ["Type:0;", "Type:0;", true],
  ["Type:0;", "Type:0;\n", false],
  ["DATA:{{any}}", "DATA:", true],
  ["DATA:{{any}}", "DATA:\r\n\0\xff", true],
  ["SEQ:{{number}};", "SEQ:12;", true],
  ["SEQ:{{number}};", "SEQ:;", false],
  ["{{oneof 1|2}}", "2", true],
  ["{{oneof 1|2}}", "12", false],
  ["a.c", "abc", false],
  ["\\x7b{any}}", "{{any}}", true],
  ["\\x7b{any}}", "anything", false],
  ["{{empty}}", "", true],
  ["{{empty}}", "x", false],
  ["to {{a}}", "to 127.9.9.2", true],
  ["to {{a}}", "to 127x9x9x2", false],
  ["{{tid}}-{{tid}}-{{tid}}", "7-7-7", true],
  ["{{tid}}-{{tid}}-{{tid}}", "7-7-8", false],
];

for (const [written, text, is] of MATCHED) {
  test(`${JSON.stringify(text)} ${is ? "fits" : "does not fit"} ${written}`, () => {
    assert.is(fits(written, text), is);
  });
}

test("the first TID that fits is kept, and holds from then on", () => {
  const known = values();
  assert.not.ok(fits("Type:1;TID:{{tid}};", "Type:1;TID:x;", known));
  assert.is(known.tid, undefined);
  assert.ok(fits("Type:1;TID:{{tid}};", "Type:1;TID:42;", known));
  assert.not.ok(fits("Type:3;TID:{{tid}};", "Type:3;TID:43;", known));
  assert.ok(fits("Type:3;TID:{{tid}};", "Type:3;TID:42;", known));
});

test("a converted capture is played byte for byte, whatever its payloads", () => {
  const word = fc.constantFrom(
    "{{",
    "}}",
    "{{a}}",
    "{{empty}}",
    "{{repeat 9 x}}",
    "\\x7b",
    "\\",
    ">>> a",
    "<<<",
    "|||",
    "### ",
    "# a: b",
    "\n",
    "\r",
    " ",
    "\0",
  );
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
    fc.array(word, { maxLength: 6 }).map((words) => Buffer.from(words.join(""))),
  ).filter((bytes) => !/^Type:[0-3];/.test(bytes.toString("latin1")));
  const client = { address: "10.0.0.1", port: 50000 };
  const orchestrator = { address: "10.0.0.2", port: 4650 };
  fc.assert(fc.property(fc.array(payload, { minLength: 1, maxLength: 8 }), (payloads) => {
    const datagrams = [Buffer.from("Type:0;"), ...payloads].map((bytes, i) => ({
      timeS: i,
      source: i % 2 === 0 ? client : orchestrator,
      destination: i % 2 === 0 ? orchestrator : client,
      payload: bytes,
      cut: false,
    }));
    const { steps } = parseTrace("x.trace", writeTrace(datagrams, "x").text);
    assert.is(steps.length, datagrams.length);
    for (const [i, { alternatives: [pattern = []] }] of steps.entries()) {
      const bytes = datagrams[i]!.payload;
      assert.is(traceBytes(pattern, values()).toString("hex"), bytes.toString("hex"));
      assert.ok(traceMatches(pattern, bytes, values()));
      assert.not.ok(traceMatches(pattern, Buffer.concat([bytes, Buffer.from("x")]), values()));
    }
  }));
});

test.run();
