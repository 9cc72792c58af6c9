import { Buffer } from "node:buffer";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { joinParts, Reassembly } from "./reassembly.ts";

const test = suite("reassembly");

test("a packet is kept once, and a copy of it is taken again", () => {
  const kept = new Reassembly();
  assert.ok(kept.take(3, Buffer.from("abc")));
  assert.ok(kept.take(3, Buffer.from("xyz")));
  assert.is(kept.packets, 1);
  assert.is(kept.bytes, 3);
  assert.is(kept.parts()[0]?.payload.toString(), "abc");
});

for (
  const [seq, length] of [[-1, 5], [1.5, 5], [NaN, 5], [1_000_001, 5], [0, 0], [0, 101]] as const
) {
  test(`SEQ ${seq} with ${length} bytes is refused`, () => {
    const kept = new Reassembly();
    assert.is(kept.take(seq, Buffer.alloc(length)), false);
    assert.is(kept.packets, 0);
  });
}

test("parts in any order, spread over receivers and repeated, make the payload", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 3000 }), fc.nat(), (bytes, salt) => {
      const receivers = [new Reassembly(), new Reassembly(), new Reassembly()];
      const packets = Array.from({ length: Math.ceil(bytes.length / 100) }, (_, seq) => seq);
      packets.sort((a, b) => (a * 7919 + salt) % 101 - (b * 7919 + salt) % 101);
      for (const seq of [...packets, ...packets.slice(0, 3)]) {
        receivers[(seq + salt) % 3]?.take(seq, bytes.subarray(seq * 100, (seq + 1) * 100));
      }
      const joined = joinParts(receivers.flatMap((one) => one.parts()));
      assert.ok("payload" in joined && joined.payload.equals(bytes));
    }),
  );
});

test("a gap is named", () => {
  const part = (seq: number) => ({ seq, payload: Buffer.from("x") });
  assert.equal(joinParts([part(0), part(2)]), { missing: 1 });
});

test.run();
