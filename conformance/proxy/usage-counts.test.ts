import { test } from "uvu";
import * as assert from "uvu/assert";
import { countsInJson, countsInText } from "./usage-counts.ts";

const BOTH = { "127.0.0.1:20001": 7, "127.0.0.1:20002": 5 };

test("the last of the printed blocks counts", () => {
  const block = (a: number, b: number) =>
    `\n=== Server Usage Stats ===\n127.0.0.1:20001: ${a} requests\n127.0.0.1:20002: ${b} requests\n========\n`;
  assert.equal(
    Object.fromEntries(countsInText(`Proxy running on port 80...\n${block(3, 0)}${block(7, 5)}`)),
    BOTH,
  );
});

test("one request is a count too, and an address without a port is that of port 80", () => {
  assert.equal(
    Object.fromEntries(countsInText("172.28.1.11: 1 request\n172.28.1.12:80: 2 requests")),
    {
      "172.28.1.11": 1,
      "172.28.1.12": 2,
    },
  );
});

test("an empty address is found", () => {
  assert.is(countsInText("127.0.0.1:20001: 7 requests\n: 62 requests\n").get(""), 62);
  assert.is(countsInJson({ "": 62, "127.0.0.1:20001": 7 }).get(""), 62);
});

test("other lines with numbers are no counts", () => {
  const log = '127.0.0.1 - - [18/May/2025 13:54:13] "GET / HTTP/1.1" 200 -\nport: 8080\n: 5\n';
  assert.is(countsInText(log).size, 0);
});

test("JSON is read as an object by address, nested, and as a list", () => {
  const rows = Object.entries(BOTH).map(([server, requests]) => ({ server, requests, failed: 0 }));
  const nested = Object.fromEntries(rows.map(({ server, ...rest }) => [server, rest]));
  for (const json of [BOTH, { uptime: 5, counts: BOTH }, rows, { servers: rows }, nested]) {
    assert.equal(Object.fromEntries(countsInJson(json)), BOTH, JSON.stringify(json));
  }
});

test("JSON without addresses has no counts", () => {
  for (const json of [undefined, null, 5, "127.0.0.1:1", [], { requests: 5 }]) {
    assert.is(countsInJson(json).size, 0, JSON.stringify(json));
  }
});

test.run();
