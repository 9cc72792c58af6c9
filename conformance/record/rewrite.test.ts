import { test } from "uvu";
import * as assert from "uvu/assert";
import { RecordError } from "./error.ts";
import { rewriteGolden } from "./rewrite.ts";
import { pair } from "./test-kit.ts";

const TOP = `### A title
# id: redirect.server.404/x
# role: server

>>>
GET /x HTTP/1.1
Host: {{host}}

`;

/** A golden's one `<<<` block, what came, and the block afterwards. */
const REWRITTEN: readonly [what: string, before: string, came: string, after: string][] = [
  [
    "a status line; a body that was not judged still is not",
    "HTTP/1.1 410 {{any}}",
    "HTTP/1.1 404 Not Found\nAllow: GET\n\nno",
    "HTTP/1.1 404 Not Found",
  ],
  [
    "a body; a line that fits stays as it is written",
    "HTTP/1.1 {{oneof 404|410}} {{any}}\nallow:   GET\n\n<p>old</p>\n",
    "HTTP/1.1 404 Not Found\nAllow: GET\n\n<p>new</p>\n",
    "HTTP/1.1 {{oneof 404|410}} {{any}}\nallow:   GET\n\n<p>new</p>\n",
  ],
  [
    "a field, one that is missing, and one that had to be",
    "HTTP/1.1 404 {{any}}\nAllow: PUT\nX-Gone: 1\nX-Here: {{absent}}\n\n{{any}}",
    "HTTP/1.1 404 Not Found\nAllow: GET\nX-Here: 2\n\nno",
    "HTTP/1.1 404 {{any}}\nAllow: GET\nX-Gone: {{absent}}\nX-Here: 2\n\n{{any}}",
  ],
  [
    "the first of several outcomes; the others stay allowed",
    "HTTP/1.1 410 {{any}}\n|||\n{{close}}",
    "HTTP/1.1 404 Not Found\n\nno",
    "HTTP/1.1 404 Not Found\n|||\n{{close}}",
  ],
  [
    "a close that became an answer",
    "{{close}}",
    "HTTP/1.1 404 Not Found\nDate: x\n\nno",
    "HTTP/1.1 404 Not Found\n\nno",
  ],
  ["an answer that became a close", "HTTP/1.1 404 {{any}}\n\n{{html}}", "", "{{close}}"],
  [
    "nothing that fits",
    "HTTP/1.0 404 {{any}}\n|||\n{{close}}",
    "HTTP/1.1 404 Not Found\n\nno",
    "HTTP/1.0 404 {{any}}\n|||\n{{close}}",
  ],
];

for (const [what, before, came, after] of REWRITTEN) {
  test(`rewrites ${what}`, () => {
    const rewritten = rewriteGolden("x.http", `${TOP}<<<\n${before}\n`, [pair(came)]);
    assert.is(rewritten, `${TOP}<<<\n${after}\n`);
  });
}

test("rewrites the block that differs of two, whichever it is", () => {
  const ok = "HTTP/1.1 200 OK";
  const text = `${TOP}<<<\nHTTP/1.1 201 {{any}}\n>>>\nGET /y HTTP/1.1\n\n<<<\n${ok}\n\nsame\n`;
  const rewritten = rewriteGolden("x.http", text, [pair(`${ok}\n\nmore`), pair(`${ok}\n\nsame`)]);
  assert.is(rewritten, text.replace("HTTP/1.1 201 {{any}}", ok));
});

test("refuses recordings that differ in what was stated exactly", () => {
  const recorded = pair("HTTP/1.1 200 OK\n\na", "HTTP/1.1 500 Oops\n\na");
  assert.throws(
    () => rewriteGolden("x.http", `${TOP}<<<\nHTTP/1.1 404 {{any}}\n`, [recorded]),
    (error: Error) => error instanceof RecordError && error.code === "varies",
  );
});

test("takes recordings that differ in what the golden leaves open", () => {
  const recorded = pair("HTTP/1.1 200 OK\n\nnew", "HTTP/1.1 500 Oops\n\nnew");
  assert.is(
    rewriteGolden("x.http", `${TOP}<<<\nHTTP/1.1 {{any}}\n\nold\n`, [recorded]),
    `${TOP}<<<\nHTTP/1.1 {{any}}\n\nnew\n`,
  );
});

test("refuses a field that came only once", () => {
  const recorded = pair("HTTP/1.1 200 OK\nX-A: 1\n\n", "HTTP/1.1 200 OK\n\n");
  assert.throws(
    () => rewriteGolden("x.http", `${TOP}<<<\nHTTP/1.1 200 {{any}}\nX-A: 2\n`, [recorded]),
    /X-A came in one recording/,
  );
});

test.run();
