import { suite } from "uvu";
import * as assert from "uvu/assert";
import { tracePattern } from "../engine/golden/trace-pattern.ts";
import { readable } from "./readable-trace.ts";
import type { TraceValues } from "./trace-values.ts";

const test = suite("readable traces");

const text = (written: string, tid?: string) => {
  const values: TraceValues = { texts: { a: "127.9.9.2", "part 0": "lorem\xc3\xa4" }, tid };
  return readable(tracePattern(written, "receive"), values);
};

const SHOWN: readonly (readonly [written: string, shown: string])[] = [
  ["Type:0;", "Type:0;"],
  ["[{'ip_address': '{{a}}'}]", "[{'ip_address': '127.9.9.2'}]"],
  ["Type:2;TID:3740;SEQ:0;DATA:{{any}}", "Type:2;TID:3740;SEQ:0;DATA:..."],
  ["DATA:{{part 0}}", "DATA:lorem\\xc3\\xa4"],
  ["{{repeat 3 x}}", "xxx"],
  ["'{{repeat 60000 x}}", "'(60000 times x)"],
  ["{{oneof a|b}};{{number}}", "(a or b);(a number)"],
  ["{{tid}}9", "(the TID)9"],
  ["{{empty}}", "an empty datagram"],
  ["\\x00\\x0a\\x1b[2J", "\\x00\\x0a\\x1b[2J"],
];

for (const [written, shown] of SHOWN) {
  test(`${written} is shown as ${shown}`, () => assert.is(text(written), shown));
}

test("a TID is shown once it is known", () => {
  assert.is(text("Type:3;TID:{{tid}};SEQ:0;", "42"), "Type:3;TID:42;SEQ:0;");
});

test("what is long is cut, and says so", () => {
  const shown = text("x".repeat(400));
  assert.is(shown, `${"x".repeat(300)} (100 characters more)`);
});

test.run();
