import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Results, SetUpResult } from "../results.ts";
import { emptied } from "./fixture-rounds.ts";
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
  assert.match(
    head,
    /Files of 1 kB<\/a>\n<span><strong>balanced over 3 servers on bun<\/strong><\/span>\n<span><strong>18,904 requests\/s<\/strong>, <strong>2.08 times<\/strong> <small>\(2.05..2.16\)<\/small> what redirected to server a on bun did/,
  );
  const groups = new Set(
    results.workloads.flatMap(({ setUps }) => setUps).map(({ group }) => group),
  );
  assert.is(head.match(/<a href="#group-/g)?.length, groups.size);
  assert.match(head, "Example CPU @ 2.50GHz, 2 cores");
  assert.match(head, "The run is complete");
  assert.match(head, "warning: the machine was busy");
  assert.match(html(makeIncomplete()), /The run is not complete[^]*stopped by SIGINT/);
});

test("each kind of chart is there, with a name and a description", () => {
  const titles = [...page.matchAll(/<figcaption>([^<]+)/g)].map(([, title]) => title ?? "");
  for (
    const title of [
      "Requests per second",
      "Throughput by number of servers",
      "Distribution over the servers",
      "Where a transfer&#39;s time goes (mean)",
      "Latency by percentile, bun",
      "Round by round, node",
      "Makespan over its bound",
      "Time-sequence: balanced, bun",
    ]
  ) assert.ok(titles.includes(title), `${title} is not among ${titles.join("; ")}`);
  const charts = [...page.matchAll(/<svg role="img" aria-labelledby="(\S+) (\S+)"/g)];
  assert.is(charts.length, titles.length);
  for (const [, title, text] of charts) {
    assert.match(page, new RegExp(`<title id="${title}">[^<]+</title><desc id="${text}">[^<]+`));
  }
});

test("the top names no winner where there is none", () => {
  const head = (workload: string, change: (setUp: SetUpResult) => SetUpResult) => {
    const workloads = results.workloads.filter(({ name }) => name === workload)
      .map((one) => ({ ...one, setUps: one.setUps.map(change) }));
    const whole = html({ ...results, workloads });
    const top = whole.slice(whole.indexOf('<div class="verdict">'));
    return top.slice(0, top.indexOf("</div>")).replace(/<\/?small[^>]*>/g, "");
  };
  const [same] = results.workloads.flatMap(({ setUps }) => setUps).filter(({ id }) =>
    id === "unequal/none/bun"
  );
  const tied = head("proxy", ({ id, name }) => ({ ...same as SetUpResult, id, name }));
  assert.match(tied, "none (one server), random-load, history,");
  assert.match(tied, "cannot be told apart</span>");
  assert.not.match(tied, "<span><strong>");
  const few = head("proxy", (one) => ({ ...one, rounds: one.rounds.slice(0, 2) }));
  assert.match(few, "<span>least-requests on bun had the best figure</span>");
  assert.match(few, "in 2 of the 6 rounds that a verdict needs");
  assert.not.match(few, "times");
  const limited = head("peers", (one) => one);
  assert.match(limited, "no figure of nginx: the client was the limit");
});

test("a set-up without phases has no bar, which would read as no time at all", () => {
  const [, chart = ""] = page.split("<figcaption>Where a transfer&#39;s time goes");
  const figure = chart.slice(0, chart.indexOf("</figure>"));
  assert.match(figure, "Not shown, as no parts of it are known: straight from server a.");
  assert.not.match(figure.slice(0, figure.indexOf("Not shown")), "straight from server a");
  assert.match(figure, ">balanced over 3 servers<");
});

test("what is long is folded, and its summary tells what it holds", () => {
  const summaries = [...page.matchAll(/<details><summary>([^<]+)/g)].map(([, text]) => text);
  assert.ok(summaries.includes("Round by round: 3 charts of 12 set-ups"), summaries.join("; "));
  assert.ok(summaries.includes("4 comparisons of two set-ups in words: 4 told apart"));
  const open = page.replace(/<details>[^]*?<\/details>/g, "");
  assert.not.match(open, /Round by round|in words/);
  assert.match(open, "Latency by percentile, bun");
});

test("latencies are read off at 1, 2 and 5 of each decade, on both sides of every curve", () => {
  const [, chart = ""] = page.split("<figcaption>Latency by percentile, bun");
  const [, axis = ""] = chart.split('aria-label="y-axis tick label"');
  const ticks = [...axis.slice(0, axis.indexOf("</g>")).matchAll(/>([\d.,]+)<\/text>/g)]
    .map(([, text]) => Number(text));
  assert.ok(ticks.length >= 3, ticks.join(" "));
  for (const tick of ticks) assert.ok(["1", "2", "5"].includes(tick.toExponential()[0] ?? ""));
  const us = results.workloads.flatMap(({ setUps }) => setUps)
    .filter(({ group, runtime }) => group === "files of 1 kB" && runtime === "bun")
    .flatMap(({ latency }) => [latency.p50, latency.p999]);
  assert.ok(Math.min(...ticks) * 1000 <= Math.min(...us));
  assert.ok(Math.max(...ticks) * 1000 >= Math.max(...us));
});

test("where nothing was measured there is no empty chart", () => {
  const workloads = results.workloads.map((one) => ({ ...one, setUps: one.setUps.map(emptied) }));
  const empty = html({ ...results, workloads });
  assert.not.match(empty, "<figure");
  assert.not.match(empty, "<details><summary>Round by round");
  assert.match(empty, "no round counts");
  assert.match(empty, "no figure");
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
