import { test } from "uvu";
import * as assert from "uvu/assert";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { bytesOf, latin1 } from "../bytes.ts";
import { cutMessage, PIECES, sendPieces } from "./pieces.ts";

const MESSAGE = "HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody";

test("each way of cutting cuts where its name says", () => {
  const cut = (how: (typeof PIECES)[number], text = MESSAGE) =>
    cutMessage(bytesOf(text), how).map(latin1);
  assert.equal(cut("one-segment"), [MESSAGE]);
  assert.equal(cut("head-then-body"), ["HTTP/1.1 200 OK\r\nA: b\r\n\r\n", "body"]);
  assert.equal(cut("cut-in-head"), ["HTTP/1.1 200 OK\r\nA: b\r\n\r", "\nbody"]);
  assert.equal(cut("halves"), ["HTTP/1.1 200 O", "K\r\nA: b\r\n\r\nbody"]);
  assert.equal(cut("bytes"), [...MESSAGE]);
  assert.equal(cut("head-then-body", "no head"), ["no head"]);
});

test("pieces are never empty, and together they are the message", () => {
  fc.assert(fc.property(
    fc.string({ unit: fc.constantFrom("\r", "\n", "a"), maxLength: 30 }),
    fc.constantFrom(...PIECES),
    (text, how) => {
      const pieces = cutMessage(bytesOf(text), how);
      if (text !== "") assert.ok(pieces.every((piece) => piece.length > 0));
      assert.is(latin1(Buffer.concat(pieces)), text);
    },
  ));
});

test("pieces are sent in order, each after the one before has had time to leave", async () => {
  const sent: { text: string; atMs: number }[] = [];
  const send = (piece: Uint8Array) => {
    sent.push({ text: latin1(piece), atMs: performance.now() });
  };
  await sendPieces(send, bytesOf(MESSAGE), "head-then-body");
  assert.equal(sent.map(({ text }) => text), ["HTTP/1.1 200 OK\r\nA: b\r\n\r\n", "body"]);
  const gapMs = sent[1]!.atMs - sent[0]!.atMs;
  assert.ok(gapMs >= 25, `${gapMs} ms between the pieces`);
});

test.run();
