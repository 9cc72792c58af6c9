import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesOf } from "../engine/bytes.ts";
import { judgeRequest, markOf } from "./smuggling-request-judge.ts";
import { CHUNKED, chunked, get, HIDDEN, length, post, posted } from "./smuggling-row.ts";
import type { RequestRow } from "./smuggling-row.ts";
import { requestRows } from "./smuggling.ts";

const REFUSED = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
const GOOD = "GET /good-2 HTTP/1.1\r\nHost: a\r\n\r\n";
const POSTED = markOf("POST", "/row");

function row(variant: string): RequestRow {
  const found = requestRows.find((one) => one.variant === variant);
  assert.ok(found, variant);
  return found;
}

function answer(mark: string): string {
  return `HTTP/1.1 200 OK\r\n${length(mark)}\r\n\r\n${mark}`;
}

interface Seen {
  /** Of a connection each, besides one that has the good requests. */
  readonly server?: readonly string[];
  readonly client?: string;
  readonly speaks10?: boolean;
}

function judged(variant: string, { server = [], client = "", speaks10 = false }: Seen) {
  const upstream = [GOOD + GOOD, ...server].map(bytesOf);
  return judgeRequest(row(variant), { upstream, client: bytesOf(client), speaks10 }) ?? "well";
}

for (const { variant } of requestRows) {
  test(`${variant}: a refusal is right, and so is a close without an answer`, () => {
    assert.is(judged(variant, { client: REFUSED }), "well");
    assert.is(judged(variant, {}), "well");
  });

  test(`${variant}: a hidden request in front of all is wrong, or a message of the row`, () => {
    const hiddenIsOne = row(variant).readings.flat().some(({ target }) => target === "/smuggled");
    const verdict = judged(variant, { server: [`${HIDDEN}${HIDDEN}`] });
    assert.match(verdict, "hidden request", hiddenIsOne ? "twice is once too often" : variant);
  });

  test(`${variant}: what the client sent, passed on as it is, is judged by its bytes`, () => {
    const { bytes, readings } = row(variant);
    const verdict = judged(variant, { server: [bytes] });
    // Right on the wire, and one of what the server may get.
    const plain = [
      "encoding-underscore",
      "encoding-upper-case",
      "encoding-gzip-chunked",
      "length-blanks",
      "chunk-size-zeros",
      "chunk-extension",
      "chunk-extension-space",
      "chunk-unfinished",
      "chunk-size-overflow-32",
      "length-unfinished",
      "encoding-in-connection",
      "trailer-length",
      "get-with-body",
      "get-with-chunks",
      "pipelined",
      "empty-lines-before",
      "byte-by-byte",
      "chunks-byte-by-byte",
      "expect-unsent-body",
      "answered-early",
      "host-missing",
      "host-twice",
      "host-twice-equal",
      "nul",
      "name-with-space",
      "name-no-token",
      "line-control-character",
      "host-in-connection",
      "large-head",
      "many-fields",
      "long-field",
      "long-target",
    ].includes(variant);
    assert.is(verdict === "well", plain, `${verdict} ${JSON.stringify(readings).slice(0, 200)}`);
  });
}

test("a message that was written anew is right", () => {
  for (const forwarded of [post([CHUNKED], chunked(HIDDEN)), post([length(HIDDEN)], HIDDEN)]) {
    const seen = { server: [forwarded], client: answer(POSTED) };
    assert.is(judged("short-length-then-chunked", seen), "well");
  }
});

test("another body than the row's is wrong", () => {
  const server = [post([length("hell")], "hell")];
  assert.match(judged("equal-lengths", { server }), "another message");
});

test("a whole message where there is no safe meaning is wrong, a part of one is not", () => {
  const whole = post([length("hello")], "hello");
  assert.match(judged("two-lengths", { server: [whole] }), "without a safe meaning");
  assert.is(judged("two-lengths", { server: [whole.slice(0, -1)] }), "well");
});

test("a body may be left out whole, and not in part", () => {
  assert.is(judged("get-with-body", { server: [get([])] }), "well");
  assert.is(judged("equal-lengths", { server: [post([], "")] }), "well");
  assert.match(judged("equal-lengths", { server: [post([length(2)], "he")] }), "another message");
});

test("a length alone frames what HTTP/1.0 reads, and nothing follows it", () => {
  const body = `0\r\n\r\n${HIDDEN}`;
  const server = [post([length(body)], body)];
  assert.match(judged("length-then-chunked", { server }), "another message");
  assert.is(judged("length-then-chunked", { server, speaks10: true }), "well");
  assert.is(judged("encoding-xchunked", { server: [post([], "")], speaks10: true }), "well");
  assert.match(
    judged("encoding-xchunked", { server: [post([], "") + HIDDEN], speaks10: true }),
    "hidden request",
  );
  assert.match(
    judged("two-lengths", { server: [post([length("hello")], "hello")], speaks10: true }),
    "without a safe meaning",
  );
});

test("requests over several connections are those of one reading", () => {
  const second = get([]).replace("/row", "/second");
  const third = get([]).replace("/row", "/third");
  const first = post([length("hello")], "hello");
  assert.is(judged("pipelined", { server: [third, first + second] }), "well");
  assert.match(judged("pipelined", { server: [first, second + second] }), "another message");
});

test("a good request in a body is another client's", () => {
  const body = GOOD.padEnd(1000, "a");
  const server = [post([length(1000)], body)];
  assert.match(judged("answered-early", { server }), "another client's request");
});

test("an answer to a request of somebody else is wrong", () => {
  const server = [post([length("hello")], "hello")];
  const right = { server, client: answer(POSTED) + REFUSED };
  assert.is(judged("equal-lengths", right), "well");
  for (const mark of [markOf("GET", "/good-2"), markOf("GET", "/smuggled")]) {
    const client = answer(POSTED) + answer(mark);
    assert.match(judged("equal-lengths", { server, client }), "for nobody's request");
  }
  assert.match(
    judged("equal-lengths", { server, client: answer(POSTED) + answer(POSTED) }),
    "for nobody's request",
  );
});

test("more answers than messages, and one to refuse the rest, are too many", () => {
  const server = [post([length("hello")], "hello")];
  const client = answer(POSTED) + REFUSED + REFUSED;
  assert.match(judged("equal-lengths", { server, client }), "3 answers, where 2 are the most");
});

test("readings are what a strict reader makes of a proper message", () => {
  for (const { variant, readings } of requestRows) {
    for (const reading of readings) {
      const texts = reading.map(({ method, target, body = "" }) =>
        post([length(body)], body)
          .replace("POST /row", `${method} ${typeof target === "string" ? target : "/row"}`)
      );
      assert.is(judged(variant, { server: [texts.join("")] }), "well", variant);
    }
  }
  assert.equal(posted("a"), { method: "POST", target: "/row", body: "a" });
});

test.run();
