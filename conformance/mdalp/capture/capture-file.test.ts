import { Buffer } from "node:buffer";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { block, LINK_TYPE, pcap, pcapng } from "./capture-fixture.ts";
import type { Frame } from "./capture-fixture.ts";
import { CaptureError, readCapture } from "./capture-file.ts";

const FRAMES: readonly Frame[] = [
  { timeS: 1_700_000_000.25, bytes: Buffer.from("first") },
  { timeS: 1_700_000_001.000001, bytes: Buffer.from("the second one") },
  { timeS: 1_700_000_002.5, bytes: Buffer.alloc(0) },
];

function texts(file: Uint8Array): string[] {
  return readCapture(file).frames.map(({ bytes }) => bytes.toString());
}

for (const little of [true, false]) {
  const order = little ? "little-endian" : "big-endian";
  for (const nanoseconds of [false, true]) {
    test(`reads a ${order} pcap in ${nanoseconds ? "nano" : "micro"}seconds`, () => {
      const { format, frames, problems } = readCapture(pcap(FRAMES, { little, nanoseconds }));
      assert.is(format, "pcap");
      assert.equal(problems, []);
      assert.equal(frames.map(({ bytes }) => bytes.toString()), ["first", "the second one", ""]);
      assert.is(frames[0]?.timeS, 1_700_000_000.25);
      assert.ok(Math.abs((frames[1]?.timeS ?? 0) - 1_700_000_001.000001) < 1e-6);
      assert.equal(frames.map(({ linkType }) => linkType), [1, 1, 1]);
      assert.equal(frames.map(({ wireLength }) => wireLength), [5, 14, 0]);
    });
  }

  test(`reads a ${order} pcapng with interfaces of their own clocks and link types`, () => {
    const interfaces = [
      { linkType: LINK_TYPE.ethernet },
      { linkType: LINK_TYPE.raw, resolution: 9 },
      { linkType: LINK_TYPE.cooked2, resolution: 0x80 | 10 },
      { linkType: LINK_TYPE.null, resolution: 3, offsetS: 1_600_000_000 },
    ];
    const frames = interfaces.map((_, on) => {
      return { timeS: 1_700_000_000.25, bytes: Buffer.from(`on ${on}`), on };
    });
    const capture = readCapture(pcapng(frames, { little, interfaces }));
    assert.is(capture.format, "pcapng");
    assert.equal(capture.problems, []);
    assert.equal(capture.frames.map(({ bytes }) => bytes.toString()), [
      "on 0",
      "on 1",
      "on 2",
      "on 3",
    ]);
    assert.equal(capture.frames.map(({ linkType }) => linkType), [1, 101, 276, 0]);
    for (const { timeS } of capture.frames) {
      assert.ok(Math.abs(timeS - 1_700_000_000.25) < 1e-6, String(timeS));
    }
  });
}

test("reads sections of different byte order, each with interfaces of its own", () => {
  const first = pcapng(FRAMES, { little: true });
  const second = pcapng(FRAMES, { little: false, interfaces: [{ linkType: LINK_TYPE.raw }] });
  const { frames, problems } = readCapture(Buffer.concat([first, second]));
  assert.equal(frames.map(({ linkType }) => linkType), [1, 1, 1, 101, 101, 101]);
  assert.equal(problems, []);
});

test("passes over blocks it does not know", () => {
  const names = block(4, Buffer.from("names"));
  const [frame] = FRAMES;
  const file = Buffer.concat([pcapng([frame!]), names, block(0x0bad, Buffer.alloc(40))]);
  assert.equal(readCapture(file).problems, []);
  assert.equal(texts(file), ["first"]);
});

test("leaves the length of frame check sequences out of pcap's link type", () => {
  const file = pcap(FRAMES, { linkType: 0x44000000 + LINK_TYPE.ethernet });
  assert.equal(readCapture(file).frames.map(({ linkType }) => linkType), [1, 1, 1]);
});

test("says once what is wrong with a thousand blocks", () => {
  // On the interface 9, which no block describes.
  const stray = block(6, Buffer.concat([Buffer.from([9, 0, 0, 0]), Buffer.alloc(16)]));
  const file = Buffer.concat([pcapng(FRAMES), ...Array<Buffer>(1000).fill(stray)]);
  assert.is(readCapture(file).problems.length, 1);
  assert.is(readCapture(file).frames.length, 3);
});

for (const [format, file] of [["pcap", pcap(FRAMES)], ["pcapng", pcapng(FRAMES)]] as const) {
  test(`gives what came before where a ${format} is cut, at every byte`, () => {
    const whole = texts(file);
    let most = 0;
    for (let length = 0; length <= file.length; length++) {
      const part = file.subarray(0, length);
      if (length < 24) {
        assert.throws(() => readCapture(part), (error: unknown) => error instanceof CaptureError);
        continue;
      }
      const { frames, problems } = readCapture(part);
      assert.equal(texts(part), whole.slice(0, frames.length), `${length} bytes`);
      assert.ok(frames.length >= most);
      most = frames.length;
      const ends = length === file.length || atBoundary(length);
      assert.is(problems.length, ends ? 0 : 1, `${length} bytes: ${problems}`);
    }
    assert.is(most, 3);

    function atBoundary(length: number): boolean {
      for (let count = 0; count < 3; count++) {
        const shorter = FRAMES.slice(0, count);
        if ((format === "pcap" ? pcap(shorter) : pcapng(shorter)).length === length) return true;
      }
      return format === "pcapng" && length === SECTION_HEADER_BYTES;
    }
  });
}

const SECTION_HEADER_BYTES = 28;

test("names the first bytes of a file that is no capture", () => {
  assert.throws(() => readCapture(Buffer.alloc(100, "x")), /begins with 78787878/);
  assert.throws(() => readCapture(Buffer.alloc(0)), /0 bytes are too few/);
});

test("throws nothing but CaptureError, whatever the bytes are", () => {
  const starts = [pcap([]), pcap([], { little: false }), pcapng([]), pcapng([], { little: false })];
  const start = fc.constantFrom(Buffer.alloc(0), ...starts, pcapng(FRAMES).subarray(0, 28));
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 300 }), (head, tail) => {
      try {
        const { frames } = readCapture(Buffer.concat([head, tail]));
        assert.ok(frames.reduce((sum, { bytes }) => sum + bytes.length, 0) <= tail.length);
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

test("survives any one changed byte", () => {
  const file = pcapng(FRAMES);
  for (let at = 0; at < file.length; at++) {
    for (const value of [0, 1, 0x7f, 0xff]) {
      const changed = Buffer.from(file);
      changed[at] = value;
      try {
        assert.ok(readCapture(changed).frames.length <= 3);
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
      }
    }
  }
});

test.run();
