import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decodePath, hostField, Http1Error, parseHttpUrl, resolveLocation } from "./mod.ts";
import type { HttpUrl } from "./mod.ts";

const PARSED: readonly [string, HttpUrl][] = [
  ["http://a", { host: "a", port: 80, target: "/" }],
  ["HTTP://a/", { host: "a", port: 80, target: "/" }],
  ["http://a:8080/b/c?d=e", { host: "a", port: 8080, target: "/b/c?d=e" }],
  ["http://a:/b", { host: "a", port: 80, target: "/b" }],
  ["http://a:65535/", { host: "a", port: 65535, target: "/" }],
  ["http://a?b", { host: "a", port: 80, target: "/?b" }],
  ["http://a/b#c?d", { host: "a", port: 80, target: "/b" }],
  ["http://a#c", { host: "a", port: 80, target: "/" }],
  ["http://127.0.0.1:1/x", { host: "127.0.0.1", port: 1, target: "/x" }],
  ["http://[::1]:81/x", { host: "::1", port: 81, target: "/x" }],
  ["http://user:word@a/b", { host: "a", port: 80, target: "/b" }],
  ["http://a/b@c:1/", { host: "a", port: 80, target: "/b@c:1/" }],
  ["http://a//b/../c", { host: "a", port: 80, target: "//b/../c" }],
  ["http://a/%2e%2E/%41", { host: "a", port: 80, target: "/%2e%2E/%41" }],
  ["http://a/b c", { host: "a", port: 80, target: "/b%20c" }],
  ["http://a/\u00e9\u20ac", { host: "a", port: 80, target: "/%C3%A9%E2%82%AC" }],
];

for (const [text, url] of PARSED) {
  test(`reads ${text}`, () => assert.equal(parseHttpUrl(text), url));
}

for (
  const text of [
    "",
    "a",
    "/a",
    "//a/",
    "http:",
    "http:/a",
    "http://",
    "http:///a",
    "http://:80/",
    "http://a:0/",
    "http://a:65536/",
    "http://a:999999/",
    "http://a:b/",
    "http://a:-1/",
    "http://[::1/",
    "http://a b/",
    "http://a@b@c/",
    "https://a/",
    "ftp://a/",
    " http://a/",
  ]
) {
  test(`refuses ${JSON.stringify(text)} as a URL`, () => {
    assert.throws(
      () => parseHttpUrl(text),
      (error: Http1Error) =>
        error.code === "bad-url" && error.message.includes(JSON.stringify(text)),
    );
  });
}

/** RFC 3986, sections 5.4.1 and 5.4.2, against http://a/b/c/d;p?q; those of the scheme `http`. */
const RESOLVED: readonly [string, string][] = [
  ["g", "/b/c/g"],
  ["./g", "/b/c/g"],
  ["g/", "/b/c/g/"],
  ["/g", "/g"],
  ["?y", "/b/c/d;p?y"],
  ["g?y", "/b/c/g?y"],
  ["#s", "/b/c/d;p?q"],
  ["g#s", "/b/c/g"],
  ["g?y#s", "/b/c/g?y"],
  [";x", "/b/c/;x"],
  ["g;x", "/b/c/g;x"],
  ["g;x?y#s", "/b/c/g;x?y"],
  ["", "/b/c/d;p?q"],
  [".", "/b/c/"],
  ["./", "/b/c/"],
  ["..", "/b/"],
  ["../", "/b/"],
  ["../g", "/b/g"],
  ["../..", "/"],
  ["../../", "/"],
  ["../../g", "/g"],
  ["../../../g", "/g"],
  ["../../../../g", "/g"],
  ["/./g", "/g"],
  ["/../g", "/g"],
  ["g.", "/b/c/g."],
  [".g", "/b/c/.g"],
  ["g..", "/b/c/g.."],
  ["..g", "/b/c/..g"],
  ["./../g", "/b/g"],
  ["./g/.", "/b/c/g/"],
  ["g/./h", "/b/c/g/h"],
  ["g/../h", "/b/c/h"],
  ["g;x=1/./y", "/b/c/g;x=1/y"],
  ["g;x=1/../y", "/b/c/y"],
  ["g?y/./x", "/b/c/g?y/./x"],
  ["g?y/../x", "/b/c/g?y/../x"],
  ["g#s/./x", "/b/c/g"],
  ["g#s/../x", "/b/c/g"],
];

const BASE = parseHttpUrl("http://a/b/c/d;p?q");

for (const [location, target] of RESOLVED) {
  test(`resolves ${JSON.stringify(location)} to ${target}`, () => {
    assert.equal(resolveLocation(BASE, location), { host: "a", port: 80, target });
  });
}

test("resolves //g and absolute URLs to the host they name", () => {
  assert.equal(resolveLocation(BASE, "//g"), { host: "g", port: 80, target: "/" });
  assert.equal(resolveLocation(BASE, "//g:81/x"), { host: "g", port: 81, target: "/x" });
  assert.equal(resolveLocation(BASE, "http://h:82/x?y#z"), { host: "h", port: 82, target: "/x?y" });
});

test("keeps the port of the base", () => {
  const base = { host: "a", port: 8080, target: "/b/c" };
  assert.equal(resolveLocation(base, "d"), { host: "a", port: 8080, target: "/b/d" });
});

test("refuses another scheme", () => {
  for (
    const location of ["g:h", "http:g", "https://a/", "javascript:alert(1)", "file:///etc/passwd"]
  ) {
    assert.throws(() => resolveLocation(BASE, location), /is not http:/, location);
  }
});

test("makes a target that can be written, of anything, or says bad-url", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (location) => {
      try {
        const { target, port } = resolveLocation(BASE, location);
        assert.match(target, /^\/[\x21-\x7e]*$/);
        assert.ok(port >= 1 && port <= 65535);
      } catch (error) {
        if (!(error instanceof Http1Error)) throw error;
        assert.is(error.code, "bad-url");
      }
    }),
    { numRuns: 1000 },
  );
});

test("leaves no dot part in a relative path that it resolves", () => {
  const part = fc.constantFrom("..", ".", "", "a", "b.c", "...", "%2e");
  fc.assert(fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
    // A path that begins with two slashes or a colon's scheme is no relative path.
    const { target } = resolveLocation(BASE, `/x/${parts.join("/")}`);
    assert.not.ok(target.split("/").some((each) => each === ".." || each === "."), target);
  }));
});

test("writes the authority for a Host field, without the default port", () => {
  assert.is(hostField({ host: "a", port: 80 }), "a");
  assert.is(hostField({ host: "a", port: 8080 }), "a:8080");
  assert.is(hostField({ host: "::1", port: 80 }), "[::1]");
  assert.is(hostField({ host: "::1", port: 81 }), "[::1]:81");
});

test("decodes escapes, and nothing that is broken", () => {
  assert.is(decodePath("/a%20b/%C3%A9+"), "/a b/\u00e9+");
  for (const broken of ["%", "%4", "%zz", "%C3", "%ff", "%C0%AF"]) {
    assert.is(decodePath(broken), undefined, broken);
  }
});

test.run();
