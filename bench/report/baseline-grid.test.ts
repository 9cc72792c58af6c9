import { test } from "uvu";
import * as assert from "uvu/assert";
import { baselineGrid, baselineSentence } from "./baseline-grid.ts";
import { makeBaseline } from "./fixture-baseline.ts";
import { HOSTILE, makeHostile } from "./fixture-hostile.ts";
import { makeResults } from "./fixture.ts";
import { cellOf } from "./grid.ts";
import { html } from "./html.ts";
import { markdown } from "./markdown.ts";

const baseline = makeBaseline();
// Without the charts, which take their time.
const without = { ...makeResults(), workloads: [] };
const compared = { ...without, baseline };
const around = { ...makeHostile(), workloads: [] };

test("what got worse comes first, with its ratio, before and now", () => {
  const rows = baselineGrid(baseline).rows.map((row) => row.map((cell) => cellOf(cell).text));
  assert.equal(rows[0], [
    "proxy unequal/round-robin/bun",
    "regression",
    "0.50 (0.40..0.60)",
    "200 requests/s",
    "100 requests/s",
  ]);
  assert.equal(rows.map(([, verdict]) => verdict), [
    "regression",
    "worse",
    "better",
    "unsure",
    "same",
  ]);
  assert.is(rows[3]?.[2], "0.50", "too few rounds have no interval");
});

test("which run it was and what came of it is one sentence", () => {
  assert.match(
    baselineSentence({ ...baseline, revision: null }),
    "Against the run of 2026-01-01T03:04:05.678Z: 1 significant regression beyond 5 %.",
  );
});

test("the page and the Markdown tell it, where there is a baseline", () => {
  for (const format of [html, markdown]) {
    const text = format(compared);
    assert.match(text, "Against the baseline");
    assert.match(text, "1 significant regression beyond 5 %");
    assert.match(text, "unequal/round-robin/bun");
    assert.match(text, /another processor: Example CPU/);
    assert.not.match(format(without), "Against the baseline");
  }
  assert.match(html(compared), '<a href="#baseline">');
});

test("where nothing can be compared there is no empty table", () => {
  const none = { ...compared, baseline: { ...baseline, changes: [] } };
  assert.match(html(none), "nothing that both measured");
  for (const format of [html, markdown]) assert.not.match(format(none), "beside the baseline");
});

test("a baseline's texts, which are from outside, are text", () => {
  const changes = baseline.changes.map((change) => ({ ...change, setUp: HOSTILE }));
  const hostile = { ...baseline, changes, started: HOSTILE, revision: HOSTILE, notes: [HOSTILE] };
  const tags = (text: string) => new Set(text.match(/<\/?[a-z]+/gi));
  assert.equal(
    tags(html({ ...around, baseline: hostile })),
    tags(html({ ...around, baseline })),
  );
  // The command, a block of code, has one.
  const images = (text: string) => text.match(/(?<!\\)<img/g)?.length;
  assert.is(images(markdown({ ...around, baseline: hostile })), 1);
});

test.run();
