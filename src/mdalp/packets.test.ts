import { Buffer } from "node:buffer";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { layOut, packetCount } from "./packets.ts";

const test = suite("packets");

test("each receiver has a contiguous range in plan order, all packets full but the last", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 2000 });
  fc.assert(fc.property(bytes, fc.nat(20), fc.nat(20), (payload, a, b) => {
    const count = packetCount(payload.length);
    const first = Math.min(a, count);
    const second = Math.min(b, count - first);
    const counts = [first, second, count - first - second];
    const laidOut = layOut(payload, counts);
    assert.equal(laidOut.map((own) => own.length), counts);
    const all = laidOut.flat();
    assert.equal(all.map(({ seq }) => seq), all.map((_, i) => i));
    assert.ok(all.slice(0, -1).every((packet) => packet.payload.length === 100));
    assert.ok(Buffer.concat(all.map((packet) => packet.payload)).equals(payload));
  }));
});

for (const [bytes, packets] of [[0, 0], [1, 1], [100, 1], [101, 2], [5000, 50]] as const) {
  test(`${bytes} bytes are ${packets} packets`, () => assert.is(packetCount(bytes), packets));
}

test.run();
