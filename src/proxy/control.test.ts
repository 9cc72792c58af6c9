import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fieldValue, request } from "../http1/mod.ts";
import { serveControl } from "./control.ts";
import { usageText } from "./usage-text.ts";
import type { Usage } from "./usage.ts";

const test = suite("control");

const USAGE: Usage = {
  uptimeMs: 1000,
  requests: 3,
  inFlight: 1,
  failures: 0,
  upstreams: [{
    address: "127.0.0.1:80",
    label: "127.0.0.1",
    requests: 3,
    inFlight: 1,
    failures: 0,
    resting: false,
  }],
};

async function ask(method: string, target: string, usage = () => USAGE) {
  const server = await serveControl({ host: "127.0.0.1", port: 0 }, usage);
  try {
    let body = "";
    const head = await request({
      host: "127.0.0.1",
      port: server.port,
      message: `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      connectMs: 5000,
      idleMs: 5000,
    }, { onHead() {}, onData: (bytes) => body += new TextDecoder().decode(bytes) });
    const field = (name: string) => fieldValue(head.fields, name);
    return { status: head.status, field, body };
  } finally {
    await server.close();
  }
}

test("/stats is the counts as JSON, fresh each time", async () => {
  const answer = await ask("GET", "/stats?x");
  assert.is(answer.status, 200);
  assert.is(answer.field("content-type"), "application/json");
  assert.is(answer.field("cache-control"), "no-store");
  assert.equal(JSON.parse(answer.body), USAGE);
});

test("/ is the counts as the proxy prints them", async () => {
  const answer = await ask("GET", "/");
  assert.is(answer.field("content-type"), "text/plain; charset=utf-8");
  assert.is(answer.body, usageText(USAGE));
});

for (const target of ["/other", "/stats/", "//", "/constructor"]) {
  test(`${target} is not found`, async () => {
    const answer = await ask("GET", target);
    assert.is(answer.status, 404);
    assert.match(answer.body, "there is / and /stats");
  });
}

for (const method of ["POST", "DELETE", "get"]) {
  test(`${method} is not allowed`, async () => {
    const answer = await ask(method, "/stats");
    assert.is(answer.status, 405);
    assert.is(answer.field("allow"), "GET, HEAD");
  });
}

test("a malformed request is refused", async () => {
  assert.is((await ask("GET", "/ /")).status, 400);
});

test.run();
