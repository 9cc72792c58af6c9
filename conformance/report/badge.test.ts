import { test } from "uvu";
import * as assert from "uvu/assert";
import { badge } from "./badge.ts";
import { allPass, EVERY_VERDICT, everyVerdict, hostile, makeReport } from "./fixture.ts";

const open = makeReport([EVERY_VERDICT.skipped]);

test("green where all conform, red where one does not, grey where one is open", () => {
  assert.equal(JSON.parse(badge([allPass])), {
    schemaVersion: 1,
    label: "steelyard medals",
    message: "conforms",
    color: "brightgreen",
  });
  assert.equal(JSON.parse(badge([allPass, open, everyVerdict])), {
    schemaVersion: 1,
    label: "steelyard",
    message: "1 MUST rule failing",
    color: "red",
    isError: true,
  });
  assert.is(JSON.parse(badge([allPass, open])).message, "incomplete");
  assert.is(JSON.parse(badge([])).message, "incomplete");
});

test("a hostile name stays text on one line", () => {
  assert.not.match(JSON.parse(badge([hostile])).label, /[\x00-\x1f]/);
});

test.run();
