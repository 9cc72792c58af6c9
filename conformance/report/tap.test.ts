import { test } from "uvu";
import * as assert from "uvu/assert";
import { allPass, everyVerdict, hostile, makeCase, makeReport } from "./fixture.ts";
import { tap } from "./tap.ts";

const points = (text: string) => text.split("\n").filter((line) => /^(not )?ok /.test(line));

test("version, plan, and a test point for each verdict", () => {
  const text = tap([everyVerdict]);
  assert.ok(text.startsWith("TAP version 14\n1..7\n"));
  assert.equal(points(text), [
    "ok 1 - redirect.server.concurrent",
    "not ok 2 - redirect.server.404",
    "not ok 3 - redirect.client.bounded-redirects # TODO SHOULD does not hold: " +
    "the client followed 50 redirects and was stopped",
    "ok 4 - redirect.server.head # SKIP unsupported: not claimed",
    "ok 5 - redirect.system.files-intact # SKIP blocked: needs redirect.server.404, which failed",
    "ok 6 - redirect.balancer.retests # SKIP skipped: left out by --fast: it waits for 300 s",
    "not ok 7 - redirect.client.direct",
  ]);
});

test("several reports are numbered through and named", () => {
  const text = tap([everyVerdict, allPass]);
  assert.match(text, "\n1..8\n");
  assert.match(text, "\nok 8 - reference: medals: redirect.server.concurrent\n");
});

test("the diagnostics are a YAML block with the evidence", () => {
  assert.match(
    tap([makeReport([makeCase({ verdict: "fail", message: 'a "b"', sent: "  x\ny\n" })])]),
    [
      "not ok 1 - redirect.server.404",
      "  ---",
      '  message: "a \\"b\\""',
      '  verdict: "fail"',
    ].join("\n"),
  );
  assert.match(
    tap([makeReport([makeCase({ verdict: "fail", sent: "  x\ny\n" })])]),
    "  sent: |2+\n      x\n    y\n",
  );
});

test("hostile text makes no directive, no test point and ends no block", () => {
  const lines = tap([hostile]).split("\n");
  assert.is(points(lines.join("\n")).length, 7);
  assert.is(lines.filter((line) => line === "  ---").length, 6);
  assert.is(lines.filter((line) => line === "  ...").length, 6);
  // Of all the `#` only those of our own directives are bare.
  const directives = points(lines.join("\n")).map((line) => line.match(/(?<!\\)#/g)?.length ?? 0);
  assert.equal(directives, [0, 0, 1, 1, 1, 1, 0]);
  assert.not.match(lines.join("\n"), /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  for (const line of lines) {
    assert.match(line, /^(TAP version 14|1\.\.7|# .*|(not )?ok .*| {2}.*|)$/);
  }
});

test.run();
