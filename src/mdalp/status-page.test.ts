import { suite } from "uvu";
import * as assert from "uvu/assert";
import { request } from "../http1/mod.ts";
import type { OrchestratorStatus } from "./orchestrator.ts";
import { serveStatus } from "./status-page.ts";
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
    receivers: [{ address: "127.0.0.2", packets: 3, bytes: 250, copies: 1 }],
    bytes: 250,
    sha256: null,
    elapsedMs: 1500,
    started: "2026-01-01T00:00:00.000Z",
  }],
};

async function get(port: number, path: string): Promise<{ status: number; body: string }> {
  let body = "";
  const message = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
  const head = await request(
    { host: "127.0.0.1", port, message, connectMs: 2000, idleMs: 2000 },
    { onHead() {}, onData: (bytes) => body += new TextDecoder().decode(bytes) },
  );
  return { status: head.status, body };
}

test("people get a page, scripts get JSON, and anything else is not found", async () => {
  const server = await serveStatus({ host: "127.0.0.1", port: 0 }, () => STATUS);
  const page = await get(server.port, "/");
  assert.is(page.status, 200);
  assert.ok(page.body.includes(RESULTS.violation));
  assert.equal(JSON.parse((await get(server.port, "/status.json")).body), STATUS);
  assert.is((await get(server.port, "/other")).status, 404);
  await server.close();
});

test.run();
