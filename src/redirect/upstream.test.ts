import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseUpstream, parseUpstreams, UpstreamError, upstreamName } from "./upstream.ts";

for (const name of ["localhost:80", "127.0.0.1:65535", "a-b_c.example:1", "[::1]:8080"]) {
  test(`reads ${name} and writes it again`, () => {
    assert.is(upstreamName(parseUpstream(` ${name}\t`)), name);
  });
}

for (
  const text of [
    "",
    "a",
    "a:",
    ":80",
    "a:0",
    "a:65536",
    "a:999999",
    "a:-1",
    "a:+1",
    "a:1:2",
    "::1:80",
    "a b:80",
    "http://a:80",
    "a:80/",
    "a\r\n:80",
    "[::1]",
    "a:8o",
  ]
) {
  test(`refuses ${JSON.stringify(text)}, and shows it`, () => {
    assert.throws(
      () => parseUpstream(text),
      (error: Error) =>
        error instanceof UpstreamError && error.message.includes(JSON.stringify(text)),
    );
  });
}

test("reads a list, one a line, without comments and empty lines", () => {
  const text = "# servers\r\na:1\n\n  b:2  # the slow one\n\t\n[::1]:3";
  assert.equal(parseUpstreams(text).map(upstreamName), ["a:1", "b:2", "[::1]:3"]);
  assert.equal(parseUpstreams(""), []);
  assert.throws(() => parseUpstreams("a:1\nb"), /"b" is not HOST:PORT/);
});

test.run();
