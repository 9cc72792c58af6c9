import { test } from "uvu";
import * as assert from "uvu/assert";
import { allPass, EVERY_VERDICT, everyVerdict, HOSTILE, hostile, makeReport } from "./fixture.ts";
import { html } from "./html.ts";

const TAGS = [
  "body",
  "code",
  "details",
  "h1",
  "h2",
  "h3",
  "head",
  "html",
  "meta",
  "p",
  "pre",
  "section",
  "small",
  "span",
  "strong",
  "style",
  "summary",
  "table",
  "tbody",
  "td",
  "th",
  "thead",
  "title",
  "tr",
];

test("failures stand open, what has no verdict is folded", () => {
  const page = html([everyVerdict]);
  assert.is(page.match(/<details open>/g)?.length, 2);
  assert.is(page.match(/<details>/g)?.length, 4);
  assert.match(page, "does not conform: 1 MUST rule fails: redirect.server.404");
  assert.match(page, "<h3>actual</h3>\n<pre>\nHTTP/1.1 200 OK\n");
});

test("the page fetches nothing, runs nothing and knows light and dark", () => {
  const page = html([everyVerdict, allPass]);
  assert.not.match(page, /<script|<link|<img|\bsrc=|\bhref=|url\(|@import/);
  assert.match(page, "default-src 'none'");
  assert.match(page, "prefers-color-scheme: dark");
});

test("a failing case shows the datagrams that were recorded, a passing one does not", () => {
  const { fail, pass } = EVERY_VERDICT;
  const recorded = [{
    atMs: 0,
    from: { host: "127.0.7.1", port: 50000 },
    to: { host: "127.0.7.2", port: 4650 },
    bytes: new TextEncoder().encode("Type:0;"),
    comment: HOSTILE,
  }];
  const recordings = new Map([[fail.id, recorded], [pass.id, recorded]]);
  const page = html([makeReport([fail, pass])], recordings);
  assert.is(page.match(/<svg /g)?.length, 1);
  assert.match(page, "127.0.7.2:4650");
  assert.not.match(page, /<script|<img|\bhref=|url\(|@import/);
});

test("hostile text adds no tag and no control character", () => {
  const page = html([hostile]);
  const tags = new Set([...page.matchAll(/<\/?([a-z0-9!-]+)/gi)].map(([, name]) => name));
  assert.equal([...tags].sort(), ["!doctype", ...TAGS].sort());
  assert.not.match(page, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  assert.match(page, "&#60;/script&#62;");
  assert.match(page, "\u{1f40e}");
});

test.run();
