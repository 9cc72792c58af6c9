import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesOf } from "../engine/bytes.ts";
import { judgeAnswer } from "./smuggling-answer-judge.ts";
import { CHUNKED, chunked, length, POISON } from "./smuggling-row.ts";
import type { AnswerRow } from "./smuggling-row.ts";
import { answerRows } from "./smuggling.ts";

const ASKED = "GET /victim HTTP/1.1\r\nHost: a\r\n\r\n";
const BAD_GATEWAY = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
const HELLO = `HTTP/1.1 200 OK\r\n${length("hello")}\r\n\r\nhello`;
const HELLO_TO_CLOSE = "HTTP/1.0 200 OK\r\n\r\nhello";

function row(variant: string): AnswerRow {
  const found = answerRows.find((one) => one.variant === variant);
  assert.ok(found, variant);
  return found;
}

function judged(variant: string, client: string, ended = true): string {
  const victim = { bytes: bytesOf(client), ended, over: ended };
  return judgeAnswer(row(variant), { upstream: [bytesOf(ASKED)], victim }) ?? "well";
}

for (const { variant, answer, readings, closes } of answerRows) {
  test(`${variant}: 502 is right, and so is a close without an answer`, () => {
    assert.is(judged(variant, BAD_GATEWAY), "well");
    assert.is(judged(variant, ""), "well");
  });

  test(`${variant}: bytes of another answer are wrong`, () => {
    assert.not(judged(variant, HELLO + POISON) === "well");
    assert.not(judged(variant, POISON) === "well");
  });

  test(`${variant}: passed on as it is, it is judged by its bytes`, () => {
    // Right on the wire, or as much as was right, or right in what they are.
    const plain = [
      "answer-unasked",
      "answer-unasked-part",
      "answer-100-unasked",
      "answer-101-unasked",
      "answer-lf-lines",
      "answer-nul",
      "answer-endless-head",
      "answer-status-words",
      "answer-status-letters",
      "answer-status-http2-settings",
    ].includes(variant);
    // Nor does it matter how the last bytes of a connection are framed.
    const harmless = plain || closes === true && !answer.includes(POISON);
    assert.is(judged(variant, answer, closes ?? false) === "well", harmless);
  });

  for (const { status, body } of readings) {
    test(`${variant}: ${status} with ${body.length} bytes, written anew, is right`, () => {
      const framing = status === 200 ? [length(body)] : [];
      const head = [`HTTP/1.1 ${status} Some`, ...framing].join("\r\n");
      const bodiless = variant === "answer-head-with-body";
      assert.is(judged(variant, `${head}\r\n\r\n${bodiless ? "" : body}`), "well");
    });
  }
}

test("a body that ends with the connection is right, though broken off", () => {
  assert.is(judged("answer-equal-lengths", HELLO_TO_CLOSE), "well");
  assert.is(judged("answer-equal-lengths", HELLO_TO_CLOSE, false), "well");
});

test("an answer without a safe meaning is wrong, however it was framed", () => {
  for (const client of [HELLO, HELLO_TO_CLOSE]) {
    assert.match(judged("answer-status-words", client, false), "200 with 5 bytes");
    assert.is(judged("answer-status-words", client), "well");
  }
});

test("of two lengths either may be written out, and not both", () => {
  for (const body of ["hello", `hello${POISON}`]) {
    const client = `HTTP/1.1 200 OK\r\n${length(body)}\r\n\r\n${body}`;
    assert.is(judged("answer-two-lengths", client), "well");
  }
  const both = `HTTP/1.1 200 OK\r\n${length("hello")}\r\n\r\nhello${POISON}`;
  assert.match(judged("answer-two-lengths", both), "in no answer to it");
});

test("what came before a broken chunk is right, more is not", () => {
  const variant = "answer-chunk-data-longer";
  const begun = `HTTP/1.1 200 OK\r\n${CHUNKED}\r\n\r\n5\r\nhello\r\n`;
  assert.is(judged(variant, begun), "well");
  for (
    const client of [
      `HTTP/1.1 200 OK\r\n${length("hello!")}\r\n\r\nhello!`,
      `HTTP/1.1 200 OK\r\n${CHUNKED}\r\n\r\n${chunked("hello!")}`,
    ]
  ) assert.match(judged(variant, client, false), "200 with 6 bytes");
});

test("what a proxy does to every answer is no fault of this one", () => {
  const client = HELLO.replace("\r\n\r\n", `\r\n${length("hello")}\r\n\r\n`);
  const seen = {
    upstream: [bytesOf(ASKED)],
    victim: { bytes: bytesOf(client), ended: false, over: false },
  };
  const one = row("answer-100-unasked");
  assert.match(judgeAnswer(one, seen) ?? "", "Content-Length twice");
  assert.is(judgeAnswer(one, { ...seen, usual: "Content-Length twice" }), undefined);
});

test("two answers are one too many", () => {
  assert.match(judged("answer-extra-after-length", HELLO + HELLO), "more than one answer");
});

test("a bare CR may be written as the end of a line or as a space, and not as it came", () => {
  for (
    const [between, verdict] of [["\r\n", "well"], [" ", "well"], ["\r", "a CR inside a line"]]
  ) {
    const client = HELLO.replace("\r\n\r\n", `\r\nX-Odd: a${between}Set-Cookie: b=c\r\n\r\n`);
    assert.match(judged("answer-bare-cr", client, false), verdict as string);
  }
});

test("what is no HTTP is no answer", () => {
  assert.is(judged("answer-status-words", "this is no answer", true), "well");
  assert.is(judged("answer-status-words", "this is no answer", false), "well");
});

test("another protocol at the server is a tunnel", () => {
  const victim = { bytes: bytesOf(BAD_GATEWAY), ended: true, over: true };
  const upstream = [bytesOf(`${ASKED}PRI * HTTP/2.0\r\n\r\n`)];
  assert.match(judgeAnswer(row("answer-101-unasked"), { upstream, victim }) ?? "", "no request");
});

test.run();
