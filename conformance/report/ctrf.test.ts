import { test } from "uvu";
import * as assert from "uvu/assert";
import { ctrf } from "./ctrf.ts";
import { allPass, everyVerdict, hostile } from "./fixture.ts";

test("the summary counts the tests by status, with times in whole milliseconds", () => {
  const { reportFormat, specVersion, results } = JSON.parse(ctrf([everyVerdict, allPass]));
  assert.is(reportFormat, "CTRF");
  assert.match(specVersion, /^\d+\.\d+\.\d+$/);
  const start = Date.parse("2026-01-02T03:04:05.678Z");
  assert.equal(results.summary, {
    tests: 8,
    passed: 2,
    failed: 1,
    skipped: 3,
    pending: 0,
    other: 2,
    suites: 2,
    start,
    stop: start + 1235,
  });
  assert.is(results.tests.length, 8);
  for (const { duration } of results.tests) assert.ok(Number.isInteger(duration));
});

test("a failed test carries its message, evidence and capture", () => {
  const { results } = JSON.parse(ctrf([everyVerdict]));
  const failed = results.tests.find(({ status }: { status: string }) => status === "failed");
  assert.is(failed.name, "redirect.server.404");
  assert.is(failed.rawStatus, "fail");
  assert.equal(failed.suite, ["jdoe", "redirect", "server"]);
  assert.match(failed.message, "200 instead of 404");
  assert.match(failed.trace, "HTTP/1.1 200 OK");
  assert.equal(failed.attachments, [
    { name: "capture", contentType: "application/json", path: "traces/redirect.server.404.har" },
  ]);
});

test("neither an optional failure nor an error of the harness is a failed test", () => {
  const { results } = JSON.parse(ctrf([everyVerdict]));
  const status = Object.fromEntries(
    results.tests.map((one: Record<string, string>) => [one.rawStatus, one.status]),
  );
  assert.is(status["optional-fail"], "other");
  assert.is(status.error, "other");
});

test("no report, and hostile text, are valid too", () => {
  assert.is(JSON.parse(ctrf([])).results.summary.tests, 0);
  assert.is(JSON.parse(ctrf([hostile])).results.tests.length, 7);
});

test.run();
