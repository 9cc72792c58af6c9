import { test } from "uvu";
import * as assert from "uvu/assert";
import { createLog } from "./log.ts";
import type { EventFields, LogFormat } from "./log.ts";

function lineOf(format: LogFormat, event: string, fields?: EventFields): string {
  const lines: string[] = [];
  createLog(format, (line) => lines.push(line))(event, fields);
  assert.ok(lines.length <= 1);
  return lines[0] ?? "";
}

test("writes text with a time, the event and its fields", () => {
  assert.match(
    lineOf("text", "redirect", { target: "/a", status: 301, last: true }),
    /^\d\d:\d\d:\d\d\.\d{3} redirect target=\/a status=301 last=true\n$/,
  );
  assert.match(lineOf("text", "start"), /^\S+ start\n$/);
});

test("writes one JSON object a line", () => {
  const line = lineOf("json", "redirect", { target: "/a\nb", status: 301 });
  assert.ok(line.endsWith("}\n") && line.indexOf("\n") === line.length - 1);
  const { time, ...rest } = JSON.parse(line);
  assert.equal(rest, { event: "redirect", target: "/a\nb", status: 301 });
  assert.is(new Date(time).toISOString(), time);
});

test("writes nothing where none is wanted", () => assert.is(lineOf("none", "start", { a: 1 }), ""));

test("lets nothing from outside drive a terminal or pass for another field", () => {
  for (const value of ["a b=c", "\x1b[31m", "a\nb", 'a"b', "\x7f", "\x9b31m", "\u202e", "\u00e9"]) {
    const line = lineOf("text", "x", { value });
    assert.match(line, /^\S+ x value="[\x20-\x7e]*"\n$/, JSON.stringify(value));
    assert.is(JSON.parse(line.slice(line.indexOf('"'))), value);
  }
});

test.run();
