/** Requests that must not go on: round in a loop, or beyond Max-Forwards. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Peer } from "../net/test-kit.ts";
import { freePort } from "../net/test-kit.ts";
import type { Log } from "../redirect/mod.ts";
import { answering, play, withProxy } from "./test-kit.ts";
import { cameBack, VIA } from "./via.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** The whole answer to a request. */
async function ask(client: Peer, request: string): Promise<string> {
  const before = client.received;
  client.socket.write(request);
  const answer = () => client.bytes().subarray(before).toString("latin1");
  await client.until("an answer", () => {
    const [head = "", body] = answer().split(/\r\n\r\n([^]*)/);
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1]);
    return body !== undefined && Buffer.byteLength(body, "latin1") === length;
  });
  return answer();
}

function fieldOf(peer: Peer, name: string): string | undefined {
  return new RegExp(`\r\n${name}: ([^\r]*)`, "i").exec(peer.text())?.[1];
}

test("a proxy that is its own server says so after one hop", async () => {
  const port = await freePort();
  let told = 0;
  const log: Log = (event) => {
    if (event === "request") told++;
  };
  await withProxy([port], async ({ client, upstreams }) => {
    const answer = await ask(client, "GET /a HTTP/1.1\r\nHost: site\r\n\r\n");
    assert.match(answer, /^HTTP\/1\.1 508 Loop Detected\r\n/);
    assert.match(answer, `at 127.0.0.1:${port}: among its servers is this address`);
    assert.match(answer, "name another server");
    assert.is(upstreams[0]!.requests, 1, "one hop");
    assert.is(told, 2);
    await ask(client, "POST /a HTTP/1.1\r\nHost: site\r\nContent-Length: 3\r\n\r\nabc");
  }, { port, log });
});

test("a loop by way of another server is found as it closes", async () => {
  const hops = await play(answering((head) => {
    hop.push(head);
    return OK;
  }));
  const hop: string[] = [];
  await withProxy([hops], async ({ client }) => {
    await ask(client, "GET / HTTP/1.1\r\nHost: site\r\nVia: 1.0 before\r\n\r\n");
    const via = fieldOf(hops.peers[0]!, "via");
    assert.is(via, `1.0 before, ${VIA}`);
    const again = `GET / HTTP/1.1\r\nHost: site\r\nVia: ${via}, 1.1 other (a server)\r\n\r\n`;
    client.socket.write(again);
    await client.untilOver();
    assert.match(client.text(), / 508 Loop Detected\r\n/);
    assert.is(hop.length, 1);
  });
});

test("another proxy of this program before it is no loop", () => {
  const field = (value: string) => [{ name: "vIA", value }];
  assert.ok(cameBack(field(`1.1 a,${VIA}\t(x)`)));
  assert.not.ok(cameBack(field("1.1 steelyard-0")));
  assert.not.ok(cameBack(field(`1.1 a (${VIA}`)));
  assert.not.ok(cameBack([]));
});

test("OPTIONS and TRACE lose one of Max-Forwards, other methods none", async () => {
  const server = await play(answering(() => OK));
  await withProxy([server], async ({ client }) => {
    for (
      const [method, sent, came] of [
        ["OPTIONS", "1", "0"],
        ["TRACE", "10", "9"],
        ["GET", "10", "10"],
        ["GET", "0", "0"],
        ["OPTIONS", "some", "some"],
        ["OPTIONS", "99999999999999999999", "9007199254740990"],
      ] as const
    ) {
      await ask(client, `${method} / HTTP/1.1\r\nHost: site\r\nMax-Forwards: ${sent}\r\n\r\n`);
      const last = server.peers[0]!.text().split(`${method} / `).at(-1) as string;
      assert.match(last, `\r\nMax-Forwards: ${came}\r\n`, `${method} ${sent}`);
    }
  });
});

test("OPTIONS and TRACE that may go no further are answered by the proxy itself", async () => {
  const server = await play(answering(() => OK));
  await withProxy([server], async ({ client }) => {
    for (const target of ["*", "/a", "http://there/"]) {
      const asked = `OPTIONS ${target} HTTP/1.1\r\nHost: site\r\nMax-Forwards: 0\r\n\r\n`;
      const options = await ask(client, asked);
      assert.match(
        options,
        /^HTTP\/1\.1 200 OK\r\nAllow: GET, [^\r]*\r\nContent-Length: 0\r\n\r\n$/,
      );
    }
    const trace = await ask(
      client,
      "TRACE /a?b HTTP/1.1\r\nHost: site\r\nCookie: c\r\nAuthorization: d\r\nMax-Forwards: 0\r\n\r\n",
    );
    assert.match(trace, /^HTTP\/1\.1 200 OK\r\nContent-Type: message\/http\r\n/);
    assert.ok(
      trace.endsWith("\r\n\r\nTRACE /a?b HTTP/1.1\r\nHost: site\r\nMax-Forwards: 0\r\n\r\n"),
      trace,
    );
    const with0 = "OPTIONS / HTTP/1.0\r\nMax-Forwards: 00\r\n\r\n";
    assert.match(await ask(client, with0), /\r\nConnection: close\r\n/);
    assert.is(server.peers.length, 0);
  });
});

test.run();
