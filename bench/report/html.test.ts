import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Results } from "../results.ts";
import { makeHostile } from "./fixture-hostile.ts";
import { makeIncomplete, makeResults } from "./fixture.ts";
import { html } from "./html.ts";

const results = makeResults();
const page = html(results);

const tagsOf = (text: string) =>
  new Set([...text.matchAll(/<\/?([a-z!][a-z0-9!-]*)/gi)].map(([, name]) => name));

test("the page fetches nothing, runs nothing and knows light, dark and paper", () => {
  assert.not.match(page, /<script|<link|<img|\bsrc=|url\(|@import|href="(?!#)/);
  assert.match(page, "default-src 'none'");
  assert.match(page, "prefers-color-scheme: dark");
  assert.match(page, "@media print");
});

test("the first thing told is what won, on what, and whether to trust it", () => {
  const head = page.slice(page.indexOf("<h1>"), page.indexOf("<nav"));
  for (const { sentence } of results.workloads) assert.match(head, sentence);
  assert.match(head, "Example CPU @ 2.50GHz, 2 cores");
  assert.match(head, "The run is complete");
  assert.match(head, "warning: the machine was busy");
  assert.match(html(makeIncomplete()), /The run is not complete[^]*stopped by SIGINT/);
});

test("each kind of chart is there, with a name and a description", () => {
  const titles = [...page.matchAll(/<figcaption>([^<]+)/g)].map(([, title]) => title ?? "");
  for (
    const title of [
      "Requests per second with 95 % intervals",
      "Throughput by number of servers",
      "Distribution over the servers",
      "Where a transfer&#39;s time goes (mean)",
      "Latency by percentile, bun",
      "Round by round, node",
      "Makespan over its bound with 95 % intervals",
      "Time-sequence: balanced, bun",
    ]
  ) assert.ok(titles.includes(title), `${title} is not among ${titles.join("; ")}`);
  const charts = [...page.matchAll(/<svg role="img" aria-labelledby="(\S+) (\S+)"/g)];
  assert.is(charts.length, titles.length);
  for (const [, title, text] of charts) {
    assert.match(page, new RegExp(`<title id="${title}">[^<]+</title><desc id="${text}">[^<]+`));
  }
});

test("rounds that are void or far off are marked in their chart", () => {
  assert.match(
    page,
    "A ring marks an outlier (1), which counts; a × at the bottom a void round (1).",
  );
});

test("the parts of every bar stand in the order of the legend", () => {
  const [, chart = ""] = html(outOfOrder()).split("<figcaption>Distribution over the servers");
  const svg = chart.slice(0, chart.indexOf("</figure>"));
  const fills = [...svg.matchAll(/<rect[^>]* fill="var\(--c(\d)\)"/g)].map(([, color]) => color);
  assert.equal(fills.slice(0, 6), ["1", "2", "3", "1", "2", "3"]);
  assert.match(svg, /a<\/li>.*b<\/li>.*c<\/li>/);
});

/** As counts come: the server that answered first is named first. */
function outOfOrder(): Results {
  const proxies = results.workloads.filter(({ name }) => name === "proxy");
  return {
    ...results,
    workloads: proxies.map((one) => ({
      ...one,
      setUps: one.setUps.map((setUp, i) => ({
        ...setUp,
        servers: i % 2 === 0 ? { c: 1, a: 2, b: 3 } : { b: 3, c: 1, a: 2 },
      })),
    })),
  };
}

test("tables have captions and their heads a scope", () => {
  const tables = page.match(/<table>/g)?.length;
  assert.is(page.match(/<table><caption>[^<]+<\/caption>/g)?.length, tables);
  assert.not.match(page, "<th>");
});

test("the published tables stand beside ours, marked as other machines", () => {
  const published = page.slice(page.indexOf('id="published"'));
  assert.match(published, "published, other machines: proxy lab");
  assert.match(published, "ours: three unequal upstreams, on bun");
  assert.match(published, "48.364");
});

test("hostile text adds no tag and no control character", () => {
  const hostile = html(makeHostile());
  assert.equal([...tagsOf(hostile)].sort(), [...tagsOf(page)].sort());
  assert.not.match(hostile, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  assert.match(hostile, "&#60;/script&#62;");
});

test("no two elements have the same id", () => {
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.is(new Set(ids).size, ids.length);
});

test.run();
