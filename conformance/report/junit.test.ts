import { test } from "uvu";
import * as assert from "uvu/assert";
import { allPass, everyVerdict, hostile } from "./fixture.ts";
import { junit } from "./junit.ts";

/** The text between a testcase's tags, by its name. */
function testcase(xml: string, name: string): string {
  const start = xml.indexOf(`<testcase name="${name}"`);
  assert.ok(start >= 0, name);
  return xml.slice(start, xml.indexOf("<testcase", start + 1));
}

/** Names of opening and closing tags in order, or an error where they do not nest. */
function assertNests(xml: string): void {
  const open: string[] = [];
  for (const [, end, name, empty] of xml.matchAll(/<(\/?)([a-z-]+)(?: [a-z]+="[^"<]*")*(\/?)>/g)) {
    if (end) assert.is(open.pop(), name);
    else if (!empty) open.push(name ?? "");
  }
  assert.equal(open, []);
}

test("each verdict has its element", () => {
  const xml = junit([everyVerdict]);
  assert.match(testcase(xml, "redirect.server.404"), /<failure message="[^"]*200 instead of 404"/);
  assert.match(testcase(xml, "redirect.server.404"), 'classname="redirect.server.404"');
  assert.match(testcase(xml, "redirect.server.404"), "HTTP/1.1 200 OK");
  assert.match(testcase(xml, "redirect.client.direct"), "<error message=");
  for (const id of ["server.head", "system.files-intact", "balancer.retests"]) {
    assert.match(testcase(xml, `redirect.${id}`), "<skipped message=");
  }
  assert.not.match(testcase(xml, "redirect.server.concurrent"), /<(failure|error|skipped)/);
});

test("an optional failure is a passed test with its evidence as output", () => {
  const one = testcase(junit([everyVerdict]), "redirect.client.bounded-redirects");
  assert.match(one, "<system-out>SHOULD does not hold: the client followed 50 redirects");
  assert.not.match(one, /<(failure|error|skipped)/);
});

test("a suite for each implementation and system, with counts", () => {
  const xml = junit([everyVerdict, allPass]);
  assert.match(xml, '<testsuites name="steelyard" tests="8" failures="1" errors="1" skipped="3"');
  assert.match(
    xml,
    '<testsuite name="jdoe redirect" tests="7" failures="1" errors="1" skipped="3"',
  );
  assert.match(xml, '<testsuite name="reference medals" tests="1" failures="0"');
  assert.match(xml, 'timestamp="2026-01-02T03:04:05"');
});

test("hostile text ends no element and holds nothing that XML 1.0 cannot", () => {
  const xml = junit([hostile]);
  assertNests(xml);
  assert.not.match(xml, /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  assert.not.match(xml, "]]>");
  assert.not.match(xml, "</script>");
  assert.match(xml, "\u{1f40e}");
});

test.run();
