import { Buffer } from "node:buffer";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assembled, binaryPayload, endText, textPayload } from "./course.ts";

const test = suite("course");

const SIZES = [0, 1, 2, 99, 100, 101, 150, 250, 2000, 5000, 10_000, 100_000];

/** Packets of 100 bytes. */
function packets(payload: Uint8Array): string[] {
  return Array.from(
    { length: Math.ceil(payload.length / 100) },
    (_, i) => Buffer.from(payload.subarray(i * 100, i * 100 + 100)).toString("latin1"),
  );
}

for (const kind of ["ascii", "utf-8"] as const) {
  test(`text in ${kind} has just so many bytes, is valid, and the same each time`, () => {
    for (const size of SIZES) {
      const payload = textPayload(size, kind);
      assert.is(payload.length, size);
      new TextDecoder("utf-8", { fatal: true }).decode(payload);
      assert.ok(payload.equals(textPayload(size, kind)));
    }
  });

  test(`no two packets of text in ${kind} are alike`, () => {
    for (const size of SIZES) {
      const all = packets(textPayload(size, kind));
      assert.is(new Set(all).size, all.length, `${size} bytes`);
    }
  });
}

test("text in ASCII is ASCII, text in UTF-8 has characters that packets cut in two", () => {
  const ascii = textPayload(5000);
  assert.ok(ascii.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10));
  assert.ok(ascii.includes(9));
  assert.is(ascii.at(-1), 10);
  const halved = packets(textPayload(5000, "utf-8")).filter((packet) =>
    (packet.charCodeAt(0) & 0xc0) === 0x80
  );
  assert.ok(halved.length > 0);
});

test("a binary payload holds every byte value, and no two packets alike", () => {
  const payload = binaryPayload(5000);
  assert.is(payload.length, 5000);
  assert.is(new Set(payload).size, 256);
  assert.is(new Set(packets(payload)).size, 50);
  assert.throws(() => new TextDecoder("utf-8", { fatal: true }).decode(payload));
});

test("packets make a payload in SEQ order, and none where one is missing", () => {
  const part = (text: string) => Buffer.from(text);
  assert.is(String(assembled(new Map([[1, part("b")], [0, part("a")]]))), "ab");
  assert.is(assembled(new Map([[1, part("b")], [2, part("c")]])), undefined);
  assert.is(assembled(new Map([[0, part("a")], [2, part("c")]])), undefined);
  assert.is(assembled(new Map())?.length, 0);
});

test("how a program ended is told with what it printed", () => {
  const ended = {
    folder: "/",
    before: new Set<string>(),
    exitCode: 3 as number | null,
    endedInTime: true,
    output: "\nno plan\n",
    saves: undefined,
  };
  assert.is(endText(ended), "exit code 3; it printed:\nno plan");
  assert.is(endText({ ...ended, output: "\n" }), "exit code 3; it printed:\nnothing");
  assert.match(endText({ ...ended, exitCode: null }), /^it was ended by a signal;/);
  assert.match(endText({ ...ended, endedInTime: false }), /^it had not ended and was killed;/);
});

test.run();
