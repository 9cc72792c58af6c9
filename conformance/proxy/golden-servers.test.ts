import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesOf, latin1 } from "../engine/bytes.ts";
import { endsConnection } from "./golden-servers.ts";
import { withoutChunks } from "./without-chunks.ts";

const KEPT = bytesOf("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

function request(version: string, ...connection: string[]) {
  return {
    method: "GET",
    version,
    fields: connection.map((value) => ({ name: "Connection", value })),
  };
}

test("a server keeps a connection of HTTP/1.1, and one of HTTP/1.0 that asks for it", () => {
  assert.not(endsConnection(request("HTTP/1.1"), KEPT));
  assert.not(endsConnection(request("HTTP/1.0", "Keep-Alive"), KEPT));
});

test("a server closes where it is asked to, says so, or nothing else ends the body", () => {
  assert.ok(endsConnection(request("HTTP/1.1", "X-Hop, close"), KEPT));
  assert.ok(endsConnection(request("HTTP/1.0"), KEPT));
  for (
    const answer of [
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
      "HTTP/1.1 200 OK\r\n\r\n",
      "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    ]
  ) {
    assert.ok(endsConnection(request("HTTP/1.1"), bytesOf(answer)), answer);
  }
});

test("the answer to a HEAD needs no close", () => {
  const head = { ...request("HTTP/1.1"), method: "HEAD" };
  assert.not(endsConnection(head, bytesOf("HTTP/1.1 200 OK\r\n\r\n")));
});

test("an answer in chunks is sent to HTTP/1.0 without them, their trailers and their fields", () => {
  const answer =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nX-Kept: a\r\n\r\n" +
    "5;x\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 1\r\n\r\n";
  const plain = withoutChunks(bytesOf(answer));
  assert.is(plain && latin1(plain), "HTTP/1.1 200 OK\r\nX-Kept: a\r\n\r\nhello!");
  assert.is(withoutChunks(KEPT), undefined);
});

test.run();
