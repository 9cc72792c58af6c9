import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fieldValue, request } from "../http1/mod.ts";
import type { OrchestratorStatus } from "./orchestrator.ts";
import { preferred, serveStatus } from "./status-page.ts";
import { RESULTS } from "./verdict.ts";

const test = suite("status page");

const STATUS: OrchestratorStatus = {
  receivers: ["127.0.0.2"],
  current: null,
  waiting: ["127.0.0.1:5000"],
  ended: [{
    tid: 7,
    client: "127.0.0.1:4000",
    result: RESULTS.violation,
    receivers: [{
      address: "127.0.0.2",
      packets: 3,
      bytes: 250,
      share: 1,
      timeouts: 1,
      elapsedMs: 1400,
    }],
    bytes: 250,
    sha256: null,
    elapsedMs: 1500,
    started: "2026-01-01T00:00:00.000Z",
  }],
};

async function get(port: number, path: string, accept = "") {
  let body = "";
  const fields = `Host: x\r\nConnection: close\r\n${accept && `Accept: ${accept}\r\n`}`;
  const head = await request({
    host: "127.0.0.1",
    port,
    message: `GET ${path} HTTP/1.1\r\n${fields}\r\n`,
    connectMs: 2000,
    idleMs: 2000,
  }, { onHead() {}, onData: (bytes) => body += new TextDecoder().decode(bytes) });
  return { status: head.status, type: fieldValue(head.fields, "content-type"), body };
}

async function serving(
  status: OrchestratorStatus,
  run: (port: number) => Promise<void>,
): Promise<void> {
  const server = await serveStatus({ host: "127.0.0.1", port: 0 }, () => status);
  await run(server.port).finally(() => server.close());
}

test("people get a page with the result, the shares and the timeouts", () =>
  serving(STATUS, async (port) => {
    const page = await get(port, "/");
    assert.is(page.status, 200);
    assert.match(page.type as string, "text/html");
    assert.ok(page.body.includes(RESULTS.violation));
    assert.ok(page.body.includes("<td>100 %</td><td>1</td><td>1.4 s</td>"), page.body);
  }));

test("scripts get JSON, by name or by Accept", () =>
  serving(STATUS, async (port) => {
    for (const [path, accept] of [["/status.json", ""], ["/", "application/json"]] as const) {
      const answer = await get(port, path, accept);
      assert.is(answer.type, "application/json");
      assert.equal(JSON.parse(answer.body), STATUS);
    }
  }));

test("terminals get text, by name or by Accept", () =>
  serving(STATUS, async (port) => {
    for (const [path, accept] of [["/status.txt", ""], ["/", "text/plain"]] as const) {
      const answer = await get(port, path, accept);
      assert.match(answer.type as string, "text/plain");
      assert.match(answer.body, `transaction 7 of 127.0.0.1:4000, ${STATUS.ended[0]?.started}: `);
      assert.match(answer.body, RESULTS.violation);
      assert.match(answer.body, "127.0.0.2: 3 packets, 250 bytes, 100.0 %, 1 timeouts, 1.40 s");
    }
  }));

test("anything else is not found, whatever is accepted", () =>
  serving(STATUS, async (port) => {
    for (const path of ["/other", "/constructor", "/status.json/"]) {
      assert.is((await get(port, path, "application/json")).status, 404);
    }
  }));

test("nothing that came from outside is HTML, nor drives a terminal", () => {
  const evil = `<script>"&'\x1b[31m`;
  const status = { ...STATUS, receivers: [evil], waiting: [evil] };
  return serving(status, async (port) => {
    const page = (await get(port, "/")).body;
    assert.not.ok(page.includes("<script>"));
    assert.ok(page.includes("&lt;script&gt;&quot;&amp;&#39;"));
    assert.not.ok((await get(port, "/status.txt")).body.includes("\x1b"));
  });
});

for (
  const [accept, format] of [
    ["", "html"],
    ["*/*", "html"],
    ["image/png", "html"],
    ["text/html,application/json;q=0.9", "html"],
    ["text/html;q=0.5, Application/JSON", "json"],
    ["text/plain;q=0.2, application/json;q=0.1", "text"],
    ["constructor, application/json;q=0", "html"],
  ] as const
) {
  test(`Accept: ${accept} prefers ${format}`, () => assert.is(preferred(accept), format));
}

test.run();
