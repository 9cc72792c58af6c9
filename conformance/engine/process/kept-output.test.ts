import { test } from "uvu";
import * as assert from "uvu/assert";
import { KeptOutput } from "./kept-output.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function kept(limit: number, ...chunks: string[]): string {
  const output = new KeptOutput(limit);
  for (const chunk of chunks) output.add(bytes(chunk));
  return output.text();
}

test("keeps what fits whole, in chunks of any size", () => {
  assert.is(kept(8, "abcdefgh"), "abcdefgh");
  assert.is(kept(8, "a", "bcdef", "", "gh"), "abcdefgh");
});

test("keeps the first and the last half, and says how much lies between", () => {
  const expected = "abcd\n[... 3 bytes left out ...]\nhijk";
  assert.is(kept(8, "abcdefghijk"), expected);
  assert.is(kept(8, ..."abcdefghijk"), expected);
  assert.is(kept(8, "ab", "cdefg", "hijk"), expected);
});

test("decodes UTF-8 across chunks, and does not stumble over Latin-1", () => {
  const output = new KeptOutput(100);
  for (const byte of bytes("né €")) output.add(new Uint8Array([byte]));
  output.add(new Uint8Array([0x20, 0xe9, 0x21]));
  assert.is(output.text(), "né € \ufffd!");
});

test("is not changed by a later use of the caller's buffer", () => {
  const output = new KeptOutput(4);
  const chunk = bytes("ab");
  output.add(chunk);
  chunk.fill(0);
  assert.is(output.text(), "ab");
});

test.run();
