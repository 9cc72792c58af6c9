import { test } from "uvu";
import * as assert from "uvu/assert";
import { oneOf, secondsAsMs, text, UsageError, wholeNumber } from "./usage.ts";

const BOUNDS = { least: 1, most: 10 };

test("reads whole numbers within their bounds, these included", () => {
  assert.is(wholeNumber({ maxJobs: 1 }, "maxJobs", BOUNDS), 1);
  assert.is(wholeNumber({ maxJobs: "10" }, "maxJobs", BOUNDS), 10);
  assert.is(wholeNumber({}, "maxJobs", BOUNDS), undefined);
});

test("reads seconds, parts of them too", () => {
  assert.is(secondsAsMs({ timeout: "0.5" }, "timeout"), 500);
  assert.is(secondsAsMs({ timeout: 86_400 }, "timeout"), 86_400_000);
  assert.is(secondsAsMs({}, "timeout"), undefined);
});

test("reads one of a list, and text", () => {
  assert.is(oneOf({ level: "must" }, "level", ["must", "may"]), "must");
  assert.is(oneOf({}, "level", ["must"]), undefined);
  assert.is(text({ out: "x" }, "out"), "x");
  assert.is(text({ out: 5 }, "out"), "5");
  assert.is(text({}, "out"), undefined);
});

/** What is refused, and what the message has to say. */
const REFUSED: readonly [() => unknown, RegExp][] = [
  [() => wholeNumber({ maxJobs: 0 }, "maxJobs", BOUNDS), /--max-jobs 0 .*1\.\.10/],
  [() => wholeNumber({ maxJobs: 11 }, "maxJobs", BOUNDS), /11 .*1\.\.10/],
  [() => wholeNumber({ maxJobs: 1.5 }, "maxJobs", BOUNDS), /1\.5/],
  [() => wholeNumber({ maxJobs: "x" }, "maxJobs", BOUNDS), /"x"/],
  [() => secondsAsMs({ timeout: 0 }, "timeout"), /--timeout 0 /],
  [() => secondsAsMs({ timeout: 86_401 }, "timeout"), /86401/],
  [() => secondsAsMs({ timeout: "soon" }, "timeout"), /"soon"/],
  [() => oneOf({ level: "most" }, "level", ["must", "may"]), /"most" is none of must, may/],
  [() => text({ out: true }, "out"), /--out needs a value/],
];

for (const [read, told] of REFUSED) {
  test(`refuses, and says ${told.source}`, () => {
    assert.throws(read, (error: Error) => error instanceof UsageError && told.test(error.message));
  });
}

test.run();
