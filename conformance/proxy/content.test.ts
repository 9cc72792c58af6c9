import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Parser } from "../../src/http1/mod.ts";
import { chunked, content, ContentCheck, contentPieces, contentSha256 } from "./content.ts";

const LENGTH = 200_001;

/** Pushed in pieces that fit nothing. */
function check(bytes: Uint8Array, wanted = LENGTH): ContentCheck {
  const found = new ContentCheck(wanted);
  for (let at = 0; at < bytes.length; at += 10_007) found.push(bytes.subarray(at, at + 10_007));
  return found;
}

test("content is as long as asked for, the same each time, and no two pieces are alike", () => {
  const made = content(LENGTH);
  assert.is(made.length, LENGTH);
  assert.ok(made.equals(content(LENGTH)));
  const [first, second] = contentPieces(LENGTH);
  assert.not(first!.equals(second!));
  assert.is(new Set(made).size, 256);
  assert.is(content(0).length, 0);
});

test("its digest is the digest of its bytes", () => {
  assert.is(contentSha256(LENGTH), createHash("sha256").update(content(LENGTH)).digest("hex"));
});

test("the same content has no problem", () => {
  assert.is(check(content(LENGTH)).problem(), undefined);
  assert.is(check(Buffer.alloc(0), 0).problem(), undefined);
});

for (const at of [0, 65_535, 65_536, LENGTH - 1]) {
  test(`a changed byte is found at ${at}`, () => {
    const changed = content(LENGTH);
    const before = changed[at] as number;
    changed[at] = before ^ 1;
    const found = check(changed);
    assert.equal(found.difference, { at, came: before ^ 1, wanted: before });
    assert.match(found.problem() ?? "", `byte ${at} is 0x`);
    assert.match(found.problem() ?? "", `all ${LENGTH} bytes came`);
  });
}

test("what is missing and what is too much is told by the length", () => {
  assert.match(
    check(content(LENGTH - 1)).problem() ?? "",
    `${LENGTH - 1} bytes came, not ${LENGTH}`,
  );
  const longer = Buffer.concat([content(LENGTH), Buffer.from("x")]);
  assert.match(check(longer).problem() ?? "", `${LENGTH + 1} bytes came, not ${LENGTH}`);
});

test("a piece that is lost or swapped is found", () => {
  const [first, second, ...rest] = [...contentPieces(LENGTH)];
  assert.is(check(Buffer.concat([second!, first!, ...rest])).difference?.at, 0);
  assert.is(check(Buffer.concat([first!, ...rest])).difference?.at, 65_536);
});

test("chunks hold the content, whatever their sizes", () => {
  const body: Uint8Array[] = [];
  let complete = false;
  const parser = new Parser({ kind: "response", strict: true }, {
    onHead: () => {},
    onData: (bytes) => body.push(Buffer.from(bytes)),
    onComplete: () => complete = true,
  });
  parser.push(Buffer.from("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
  for (const piece of chunked(contentPieces(LENGTH), [1, 4097, 13])) parser.push(piece);
  assert.ok(complete);
  assert.ok(Buffer.concat(body).equals(content(LENGTH)));
});

test.run();
