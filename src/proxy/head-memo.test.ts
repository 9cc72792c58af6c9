import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Field, RequestHead, ResponseHead } from "../http1/mod.ts";
import { HeadMemo } from "./head-memo.ts";
import { proxyParts } from "./parts.ts";
import { VIA } from "./via.ts";

function fields(lines: string): Field[] {
  return lines.split("\n").filter(Boolean).map((line) => {
    const [name = "", value = ""] = line.split(": ");
    return { name, value };
  });
}

function requestOf(lines: string): RequestHead {
  const framing = { kind: "none" } as const;
  return { kind: "request", method: "GET", target: "/a", minor: 1, fields: fields(lines), framing };
}

function responseOf(lines: string): ResponseHead {
  const framing = { kind: "length", length: 2 } as const;
  return { kind: "response", minor: 1, status: 200, reason: "OK", fields: fields(lines), framing };
}

/** A memo, and how often it had a text made. */
function counting() {
  let made = 0;
  const memo = new HeadMemo({
    targetOf: proxyParts.targetOf,
    requestHead: (...given) => {
      made++;
      return proxyParts.requestHead(...given);
    },
    responseHead: (...given) => {
      made++;
      return proxyParts.responseHead(...given);
    },
  });
  return { memo, made: () => made };
}

test("the text of a request is made once for each head", () => {
  const { memo, made } = counting();
  const head = requestOf("Host: site\nX-A: b");
  const route = { client: "10.0.0.1", upstream: "10.0.0.9:80" };
  const target = memo.targetOf(head)!;
  const text = memo.requestHead(head, target, route);
  assert.is(
    text,
    `GET /a HTTP/1.1\r\nHost: site\r\nX-A: b\r\nVia: ${VIA}\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n`,
  );
  assert.is(memo.requestHead(head, target, { ...route, upstream: "10.0.0.8:80" }), text);
  assert.is(made(), 1);
  assert.match(
    memo.requestHead(head, target, { ...route, client: "10.0.0.2" }),
    /For: 10\.0\.0\.2/,
  );
  const other = requestOf("Host: site\nX-A: c");
  assert.match(memo.requestHead(other, memo.targetOf(other)!, route), /X-A: c/);
});

test("a request without Host is written for each server", () => {
  const { memo } = counting();
  const head = { ...requestOf(""), minor: 0 };
  const target = memo.targetOf(head)!;
  const to = (upstream: string) => memo.requestHead(head, target, { client: "10.0.0.1", upstream });
  assert.match(to("10.0.0.9:80"), /\r\nHost: 10\.0\.0\.9:80\r\n/);
  assert.match(to("10.0.0.8:80"), /\r\nHost: 10\.0\.0\.8:80\r\n/);
});

test("the text of an answer is made once for each head and kind of client", () => {
  const { memo, made } = counting();
  const head = responseOf("Date: Sun, 06 Nov 1994 08:49:37 GMT\nContent-Length: 2");
  const client = { framing: "as-it-is", keepAlive: true, minor: 1 } as const;
  const text = memo.responseHead(head, client);
  assert.is(memo.responseHead(head, { ...client }), text);
  assert.is(made(), 1);
  assert.match(
    memo.responseHead(head, { ...client, keepAlive: false }),
    /\r\nConnection: close\r\n/,
  );
  assert.match(memo.responseHead(head, { ...client, minor: 0 }), /\r\nConnection: keep-alive\r\n/);
  assert.is(memo.responseHead(head, client), text);
});

test("an answer without Date is written each time, as it gets the present", () => {
  const { memo, made } = counting();
  const head = responseOf("Content-Length: 2");
  const client = { framing: "as-it-is", keepAlive: true, minor: 1 } as const;
  assert.match(memo.responseHead(head, client), /\r\nDate: \w{3}, \d\d \w{3} \d{4} /);
  memo.responseHead(head, client);
  assert.is(made(), 2);
});

test("what a request asks for is found by the form of its target", () => {
  const { memo } = counting();
  const ask = (target: string, method = "GET", host = "site") =>
    memo.targetOf({ ...requestOf(`Host: ${host}`), target, method });
  assert.equal(ask("/a?b"), { target: "/a?b", host: undefined });
  assert.equal(ask("//a/../b"), { target: "//a/../b", host: undefined });
  assert.equal(ask("http://there"), { target: "/", host: "there" });
  assert.equal(ask("HTTP://there:81?x"), { target: "/?x", host: "there:81" });
  assert.equal(ask("*", "OPTIONS"), { target: "*", host: undefined });
  for (
    const refused of [
      "*",
      "a",
      "/a#b",
      "http://",
      "http://user@there/",
      "https://there/",
      "there:80",
    ]
  ) {
    assert.is(ask(refused), undefined, refused);
  }
  assert.is(ask("/a", "GET", "two words"), undefined);
  assert.is(ask("/a", "GET", "a/b"), undefined);
});

test.run();
