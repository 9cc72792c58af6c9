import { Buffer } from "node:buffer";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  MessageError,
  PAYLOAD_BYTES,
  readMessage,
  writeAck,
  writeData,
  writeIntent,
  writePlan,
} from "./message.ts";

const test = suite("message");
const read = (text: string) => readMessage(Buffer.from(text, "latin1"));

test("writes the messages as they were captured", () => {
  assert.is(writeIntent().toString(), "Type:0;");
  assert.is(
    writePlan(3740, [{ address: "177.71.168.45", name: "5th Receiver" }]).toString(),
    "Type:1;TID:3740;DATA:[{'ip_address': '177.71.168.45', 'name': '5th Receiver'}];",
  );
  assert.is(writeData(3740, 10, Buffer.from("a;b")).toString(), "Type:2;TID:3740;SEQ:10;DATA:a;b");
  assert.is(writeAck(3740, 10).toString(), "Type:3;TID:3740;SEQ:10;");
});

test("data comes back whatever its payload holds", () => {
  const payload = fc.uint8Array({ minLength: 1, maxLength: PAYLOAD_BYTES });
  fc.assert(fc.property(fc.nat(99_999), fc.nat(99_999), payload, (tid, seq, bytes) => {
    const message = readMessage(writeData(tid, seq, bytes));
    assert.is(message.type, "data");
    if (message.type !== "data") return;
    assert.is(message.tid, tid);
    assert.is(message.seq, seq);
    assert.equal([...message.payload], [...bytes]);
  }));
});

test("a plan comes back with any names", () => {
  const receiver = fc.record({ address: fc.ipV4(), name: fc.string({ unit: "grapheme" }) }, {
    noNullPrototype: true,
  });
  fc.assert(fc.property(fc.array(receiver, { minLength: 1, maxLength: 10 }), (receivers) => {
    assert.equal(readMessage(writePlan(7, receivers)), { type: "plan", tid: 7, receivers });
  }));
});

const GARBAGE = [
  "",
  "Type:0",
  "Type:0;x",
  "Type:3;TID:1;SEQ:2",
  "Type:3;TID:1;SEQ:-2;",
  "Type:3;TID:1;SEQ:2;DATA:",
  "Type:2;TID:1;SEQ:2;DATA:",
  `Type:2;TID:1;SEQ:2;DATA:${"x".repeat(101)}`,
  "Type:2;TID:1;SEQ:1000001;DATA:x",
  "Type:2;TID:x;SEQ:1;DATA:x",
  "Type:1;TID:1;DATA:[];",
  "Type:1;TID:1;DATA:[{'name': 'a'}];",
  "Type:1;TID:1;DATA:[{'ip_address': 'example.com'}];",
  "Type:1;TID:1;DATA:__import__('os').system('true');",
  "Type:1;TID:1;DATA:[{'ip_address': '1.2.3.4'}]",
  "Type:9;",
];

for (const text of GARBAGE) {
  test(`refuses ${JSON.stringify(text.slice(0, 50))}`, () => {
    assert.throws(() => read(text), (error: unknown) => error instanceof MessageError);
  });
}

test("a plan of 32 receivers is read, and one of 33 is not: each would be pinged", () => {
  const plan = (count: number) =>
    writePlan(7, Array.from({ length: count }, (_, i) => ({ address: `10.0.0.${i}`, name: "" })));
  const message = readMessage(plan(32));
  assert.is(message.type === "plan" && message.receivers.length, 32);
  assert.throws(() => readMessage(plan(33)), /33 receivers, more than 32/);
});

test("random bytes give a message or a MessageError", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    try {
      readMessage(bytes);
    } catch (error) {
      assert.instance(error, MessageError);
    }
  }));
});

test.run();
