import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { udp } from "../../src/net/mod.ts";
import { latch, within } from "../../src/net/test-kit.ts";
import { latePath } from "./late-path.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0 };

/** Sends so many datagrams over a path, and tells what came, and when, until `enough`. */
async function over(
  path: { readonly delayMs: number; readonly loss: number; readonly random: () => number },
  datagrams: number,
  enough: number,
) {
  const came: { readonly text: string; readonly ms: number }[] = [];
  const done = latch();
  let lost = 0;
  const count = () => {
    if (came.length + lost === enough) done.open();
  };
  const onLost = () => {
    lost++;
    count();
  };
  const socket = await latePath(udp, { ...path, onLost }).bind(LOOPBACK, (datagram) => {
    came.push({ text: Buffer.from(datagram).toString(), ms: performance.now() });
    count();
  });
  const sender = await udp.bind(LOOPBACK, () => {});
  const sentMs = performance.now();
  for (let i = 0; i < datagrams; i++) {
    sender.send(Buffer.from(`packet ${i}`), { host: "127.0.0.1", port: socket.port });
  }
  await within("the datagrams", done.promise);
  sender.close();
  socket.close();
  return { came: came.map(({ text, ms }) => ({ text, lateMs: ms - sentMs })), lost };
}

for (const delayMs of [0.7, 1.6, 3.3, 12.1]) {
  test(`no datagram comes before its ${delayMs} ms`, async () => {
    const { came } = await over({ delayMs, loss: 0, random: () => 0.5 }, 20, 20);
    assert.is(came.length, 20);
    assert.ok(came.every(({ lateMs }) => lateMs >= delayMs), JSON.stringify(came));
  });
}

test("loses those that the numbers say, and tells of each", async () => {
  let drawn = 0;
  const random = () => (drawn++ % 4) / 4;
  const { came, lost } = await over({ delayMs: 1, loss: 0.25, random }, 12, 12);
  assert.is(lost, 3);
  assert.is(new Set(came.map(({ text }) => text)).size, 9);
});

test("a closed path brings nothing more", async () => {
  const arrived = latch();
  let came = 0;
  const late = latePath(udp, {
    delayMs: 5,
    loss: 0.5,
    // The first is kept, the second lost: by then the first has arrived and waits.
    random: (() => {
      let drawn = 0;
      return () => drawn++ === 0 ? 0.9 : 0.1;
    })(),
    onLost: () => arrived.open(),
  });
  const socket = await late.bind(LOOPBACK, () => came++);
  const sender = await udp.bind(LOOPBACK, () => {});
  const to = { host: "127.0.0.1", port: socket.port };
  sender.send(Buffer.from("late"), to);
  sender.send(Buffer.from("lost"), to);
  await within("both datagrams", arrived.promise);
  socket.close();
  sender.close();
  // One of 10 ms that begins now ends after what would have come by the closed one.
  await over({ delayMs: 10, loss: 0, random: () => 0.5 }, 1, 1);
  assert.is(came, 0);
});

test.run();
