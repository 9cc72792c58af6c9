import { suite } from "uvu";
import * as assert from "uvu/assert";
import { tableLines, usageTable } from "./usage-table.ts";
import type { Usage } from "./usage.ts";

const test = suite("usage table");

/** Counts of servers after so many seconds. */
function usageAt(seconds: number, ...requests: number[]): Usage {
  return {
    uptimeMs: seconds * 1000,
    requests: requests.reduce((sum, one) => sum + one, 0),
    inFlight: 3,
    failures: 1,
    upstreams: requests.map((sent, index) => ({
      address: `127.0.0.1:800${index + 1}`,
      label: `127.0.0.1:800${index + 1}`,
      requests: sent,
      inFlight: index === 0 ? 3 : 0,
      failures: index,
      resting: index === 1,
    })),
  };
}

/** A terminal, or none, that keeps what is written to it. */
function output(isTTY: boolean, columns = 100, rows = 24) {
  const written: string[] = [];
  return { isTTY, columns, rows, written, write: (text: string) => written.push(text) };
}

test("shows requests, share, requests in flight, failures, rate and state", () => {
  const last = usageAt(1, 100, 100);
  assert.is(
    tableLines(usageAt(3, 900, 300), last, 120, 24).join("\n"),
    `
server            requests                            share  in flight   failed    req/s  state
127.0.0.1:8001         900  ##################         75 %          3        0      400  up
127.0.0.1:8002         300  ######                     25 %          0        1      100  resting
total                 1200                                           3        1      500`.slice(1),
  );
});

test("before the first second and before the first request there is nothing to divide by", () => {
  const lines = tableLines(usageAt(0, 0, 0), undefined, 90, 24);
  assert.not.match(lines.join("\n"), /NaN|Infinity/);
});

for (const columns of [20, 60, 79, 120]) {
  test(`no line is wider than ${columns} columns`, () => {
    for (const line of tableLines(usageAt(9, 123_456, 5), usageAt(8, 1, 2), columns, 24)) {
      assert.ok(line.length <= columns, line);
    }
  });
}

test("more servers than rows are counted, not shown", () => {
  const lines = tableLines(usageAt(1, 1, 2, 3, 4, 5, 6, 7, 8), undefined, 80, 6);
  assert.is(lines.length, 6);
  assert.is(lines[4], "and 5 more");
  assert.match(lines[5] as string, /^total +36/);
});

test("on a terminal it is drawn in its place, and the cursor comes back", () => {
  const terminal = output(true);
  const table = usageTable(terminal);
  table.draw(usageAt(1, 5, 5));
  table.draw(usageAt(2, 50, 50));
  table.close();
  table.close();
  const [first, second, ...rest] = terminal.written as [string, string, ...string[]];
  assert.ok(first.startsWith("\x1b[?25l"));
  assert.is(first.split("\n").length, 5);
  assert.ok(second.startsWith("\x1b[4A\r"));
  assert.match(second, /8001 +50 /);
  assert.equal(rest, ["\x1b[?25h"]);
});

test("a terminal of no known size gets a whole table", () => {
  const terminal = output(true, 0, 0);
  usageTable(terminal).draw(usageAt(1, 5, 5));
  assert.match(terminal.written.join(""), /8001 .* up\b[^]*8002 .* resting\b/);
});

test("without a terminal there is a plain line for each server", () => {
  const pipe = output(false);
  const table = usageTable(pipe);
  table.draw(usageAt(1, 6, 2));
  table.draw(usageAt(2, 12, 2));
  table.close();
  assert.equal(pipe.written, [
    "127.0.0.1:8001: 6 requests, 75 %, 3 in flight, 0 failed, 6/s, up\n" +
    "127.0.0.1:8002: 2 requests, 25 %, 0 in flight, 1 failed, 2/s, resting\n",
    "127.0.0.1:8001: 12 requests, 86 %, 3 in flight, 0 failed, 6/s, up\n" +
    "127.0.0.1:8002: 2 requests, 14 %, 0 in flight, 1 failed, 0/s, resting\n",
  ]);
});

test("no label drives the terminal", () => {
  const usage = usageAt(1, 5);
  const evil = { ...usage, upstreams: [{ ...usage.upstreams[0]!, label: "\x1b[2J\n\x9b" }] };
  for (const isTTY of [true, false]) {
    const to = output(isTTY);
    usageTable(to).draw(evil);
    assert.match(to.written.join(""), "?[2J??");
    assert.not.match(to.written.join(""), /\x1b\[2J|\x9b/);
  }
});

test.run();
