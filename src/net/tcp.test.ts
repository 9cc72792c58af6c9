import { Buffer } from "node:buffer";
import { Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { NetError, nodeTcp, tcp } from "./mod.ts";
import type { TcpDriver, TcpSocket } from "./mod.ts";
import { dial, failureOf, freePort, latch, listenAsPeer, within } from "./test-kit.ts";
import type { Peer } from "./test-kit.ts";

const MIB = 1024 * 1024;

/** Bytes in an order that shows what is lost, doubled or swapped. */
function counted(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4) bytes.writeUInt32LE(at, at);
  return bytes;
}

/** Two ends of one connection. */
async function pair(driver: TcpDriver): Promise<{ near: Peer; far: Peer; stop(): Promise<void> }> {
  const met = latch<Peer>();
  const listener = await listenAsPeer((peer) => met.open(peer), driver);
  const near = await dial(listener.port, driver);
  const far = await within("the other end", met.promise);
  return {
    near,
    far,
    stop: async () => {
      near.socket.destroy();
      far.socket.destroy();
      await listener.close();
    },
  };
}

/** Sends all of it, a piece at a time, waiting for each drain; returns how often it had to wait. */
async function sendAll(peer: Peer, bytes: Buffer, drained: () => Promise<void>): Promise<number> {
  let waits = 0;
  for (let at = 0; at < bytes.length; at += MIB / 4) {
    const next = drained();
    if (peer.socket.write(bytes.subarray(at, at + MIB / 4))) continue;
    waits++;
    await within("a drain", next);
  }
  return waits;
}

/** A promise of the next drain of this peer. */
function drainOf(peer: Peer): () => Promise<void> {
  let wake = () => {};
  const before = peer.onDrain.bind(peer);
  peer.onDrain = () => {
    before();
    wake();
  };
  return () => new Promise<void>((resolve) => wake = resolve);
}

const DRIVERS: [string, TcpDriver][] = [["nodeTcp", nodeTcp], ["tcp", tcp]];

// Else the second of two small writes waits for the ack of the first, 40 ms on Linux.
test("nodeTcp sends small pieces at once, on connections that it opens", async () => {
  const asked: unknown[] = [];
  const own = Socket.prototype.setNoDelay;
  Socket.prototype.setNoDelay = function (noDelay) {
    asked.push(noDelay);
    return own.call(this, noDelay);
  };
  try {
    const { stop } = await pair(nodeTcp);
    stop();
  } finally {
    Socket.prototype.setNoDelay = own;
  }
  assert.ok(asked.includes(true));
});

for (const [name, driver] of DRIVERS) {
  test(`${name} gives bytes that stay as they are`, async () => {
    const { near, far, stop } = await pair(driver);
    const kept: Uint8Array[] = [];
    const before = far.onData.bind(far);
    far.onData = (bytes) => {
      kept.push(bytes);
      before(bytes);
    };
    const sent = counted(8 * MIB);
    near.socket.write(sent);
    await far.until("all of it", () => far.received === sent.length);
    assert.ok(kept.length > 1);
    assert.ok(Buffer.concat(kept).equals(sent));
    await stop();
  });

  for (const size of [0, 1, 2048, 2049, 16 * 1024, 40_000]) {
    test(`${name} sends a text and ${size} bytes in order, and after what waits`, async () => {
      const { near, far, stop } = await pair(driver);
      const text = "h\xe9ad ".repeat(20);
      const bytes = counted(40_000).subarray(0, size);
      const both = Buffer.concat([Buffer.from(text, "latin1"), bytes]);
      near.socket.writeBoth(text, bytes);
      await far.until("both", () => far.received === both.length);
      assert.ok(far.bytes().equals(both));
      far.socket.pause();
      const much = counted(8 * MIB);
      while (near.socket.write(much));
      near.socket.writeBoth(text, bytes);
      near.socket.end();
      far.socket.resume();
      await far.untilOver();
      assert.ok(far.bytes().subarray(-both.length).equals(both));
      await stop();
    });
  }

  test(`${name} echoes 8 MiB in order, and holds the sender back`, async () => {
    const listener = await driver.listen({ host: "127.0.0.1", port: 0 }, (socket: TcpSocket) => ({
      onData(bytes) {
        if (!socket.write(bytes)) socket.pause();
      },
      onDrain: () => socket.resume(),
      onEnd: () => socket.end(),
    }));
    const peer = await dial(listener.port, driver);
    const sent = counted(8 * MIB);
    const waits = await sendAll(peer, sent, drainOf(peer));
    peer.socket.end();
    await peer.untilOver();
    assert.is(peer.received, sent.length);
    assert.ok(peer.bytes().equals(sent), "the bytes came back changed");
    assert.ok(waits > 0, "no write was ever held back");
    peer.socket.destroy();
    await listener.close();
  });

  test(`${name} says false to a write that the peer does not take, and drains when it does`, async () => {
    const { near, far, stop } = await pair(driver);
    far.socket.pause();
    const drained = drainOf(near)();
    let written = 0;
    // More than any kernel buffers for loopback.
    while (near.socket.write(counted(MIB)) && written < 64) written++;
    assert.ok(written < 64, "64 MiB went to a peer that does not read");
    for (let more = 0; more < 15; more++) near.socket.write(counted(MIB));
    const heard = far.received;
    assert.ok(heard <= MIB, `a paused socket read ${heard} bytes`);
    far.socket.resume();
    await within("a drain", drained);
    await far.until("all of it", () => far.received === (written + 16) * MIB);
    assert.ok(far.bytes().subarray(-MIB).equals(counted(MIB)), "the last MiB came changed");
    await stop();
  });

  test(`${name} sends a string as Latin-1`, async () => {
    const { near, far, stop } = await pair(driver);
    near.socket.write("a\x80\xff\r\n");
    await far.until("5 bytes", () => far.received >= 5);
    assert.equal([...far.bytes()], [0x61, 0x80, 0xff, 0x0d, 0x0a]);
    await stop();
  });

  test(`${name} still sends after the peer has ended`, async () => {
    const { near, far, stop } = await pair(driver);
    near.socket.write("question");
    near.socket.end();
    await far.until("the end", () => far.ended);
    assert.is(far.text(), "question");
    assert.is(far.closings, 0);
    far.socket.write("answer");
    far.socket.end();
    await near.until("the end", () => near.ended);
    assert.is(near.text(), "answer");
    await near.until("the close", () => near.closings > 0);
    await far.until("the close", () => far.closings > 0);
    assert.is(near.closings + far.closings, 2);
    assert.is(near.error, undefined);
    assert.is(far.error, undefined);
    await stop();
  });

  test(`${name} sends what is queued before the end`, async () => {
    const { near, far, stop } = await pair(driver);
    near.socket.write(counted(4 * MIB));
    near.socket.end();
    assert.ok(near.socket.write("after the end"), "a write after the end is dropped");
    await far.until("the end", () => far.ended);
    assert.is(far.received, 4 * MIB);
    await stop();
  });

  test(`${name} ends its side when the peer has ended and nobody handles that`, async () => {
    const listener = await driver.listen({ host: "127.0.0.1", port: 0 }, () => ({ onData() {} }));
    const peer = await dial(listener.port, driver);
    peer.socket.end();
    await peer.untilOver();
    await listener.close();
  });

  test(`${name} tells both ends once of a destroyed connection`, async () => {
    const { near, far, stop } = await pair(driver);
    near.socket.destroy();
    near.socket.destroy();
    await near.until("the close", () => near.closings > 0);
    await far.untilOver();
    far.socket.destroy();
    far.socket.reset();
    near.socket.reset();
    near.socket.end();
    assert.ok(near.socket.write("into the void"));
    await far.until("the close", () => far.closings > 0);
    // Anything told twice would have been told by the time another connection has come and gone.
    const other = await pair(driver);
    other.near.socket.end();
    await other.far.untilOver();
    assert.is(near.closings, 1);
    assert.is(far.closings, 1);
    await other.stop();
    await stop();
  });

  test(`${name} closes both ends on a reset`, async () => {
    const { near, far, stop } = await pair(driver);
    near.socket.reset();
    await far.until("the close", () => far.closings > 0 || far.ended);
    await near.until("the close", () => near.closings > 0);
    await stop();
  });

  test(`${name} gives what came before a reset, though a write has failed, and no end`, async () => {
    const { near, far, stop } = await pair(driver);
    near.socket.write("question");
    await far.until("the question", () => far.received === 8);
    // In one turn, so that the answer and the reset are there before anything is read.
    far.socket.write("answer");
    far.socket.reset();
    near.socket.write(counted(MIB));
    near.socket.write("more");
    await near.until("the close", () => near.closings > 0);
    assert.is(near.text(), "answer");
    assert.not.ok(near.ended, "a reset is no clean end");
    assert.is(near.error?.code, "ECONNRESET");
    assert.ok(near.socket.write("into the void"));
    await stop();
  });

  test(`${name} says ECONNREFUSED, where, and what it means`, async () => {
    const port = await freePort();
    const error = await failureOf(
      driver.connect({ host: "127.0.0.1", port, timeoutMs: 5000 }, () => ({ onData() {} })),
    );
    assert.instance(error, NetError);
    assert.is(error.code, "ECONNREFUSED");
    assert.match(error.message, `127.0.0.1:${port}`);
    assert.match(error.message, "nothing listens there");
  });

  test(`${name} says EADDRINUSE, where, and what to do`, async () => {
    const listener = await listenAsPeer(() => {}, driver);
    const error = await failureOf(
      driver.listen({ host: "127.0.0.1", port: listener.port }, () => ({ onData() {} })),
    );
    assert.instance(error, NetError);
    assert.is(error.code, "EADDRINUSE");
    assert.match(error.message, `127.0.0.1:${listener.port}`);
    assert.match(error.message, "choose another port");
    await listener.close();
  });

  test(`${name} refuses connections once the listener is closed`, async () => {
    const listener = await listenAsPeer(() => {}, driver);
    await listener.close();
    const { port } = listener;
    const error = await failureOf(
      driver.connect({ host: "127.0.0.1", port, timeoutMs: 5000 }, () => ({ onData() {} })),
    );
    assert.is(error.code, "ECONNREFUSED");
  });

  test(`${name} keeps an open connection when its listener closes`, async () => {
    const met = latch<Peer>();
    const listener = await listenAsPeer((peer) => met.open(peer), driver);
    const near = await dial(listener.port, driver);
    const far = await within("the other end", met.promise);
    await listener.close();
    far.socket.write("still here");
    await near.until("10 bytes", () => near.received >= 10);
    assert.is(near.text(), "still here");
    near.socket.destroy();
    await far.untilOver();
    far.socket.destroy();
  });

  test(`${name} knows the addresses of both ends`, async () => {
    const { near, far, stop } = await pair(driver);
    assert.is(near.socket.remoteAddress, "127.0.0.1");
    assert.is(far.socket.remoteAddress, "127.0.0.1");
    assert.is(near.socket.remotePort, far.socket.localPort);
    assert.is(near.socket.localPort, far.socket.remotePort);
    await stop();
  });

  test(`${name} calls onIdle after the idle time, not before`, async () => {
    const { near, stop } = await pair(driver);
    const idle = latch<number>();
    const start = performance.now();
    Object.assign(near, { onIdle: () => idle.open(performance.now() - start) });
    near.socket.setIdleTimeout(200);
    const elapsedMs = await within("onIdle", idle.promise);
    // Timers may fire a millisecond early.
    assert.ok(elapsedMs >= 198, `onIdle came after ${elapsedMs} ms of 200`);
    assert.ok(elapsedMs < 5000, `onIdle came after ${elapsedMs} ms of 200`);
    await stop();
  });

  test(`${name} destroys an idle connection when nobody handles that`, async () => {
    const met = latch<TcpSocket>();
    const listener = await driver.listen({ host: "127.0.0.1", port: 0 }, (socket) => {
      socket.setIdleTimeout(50);
      met.open(socket);
      return { onData() {} };
    });
    const peer = await dial(listener.port, driver);
    await peer.untilOver();
    peer.socket.destroy();
    await listener.close();
  });

  test(`${name} takes traffic for a sign of life, either way`, async () => {
    const { near, far, stop } = await pair(driver);
    let idle = 0;
    Object.assign(near, { onIdle: () => idle++ });
    near.socket.setIdleTimeout(300);
    const start = performance.now();
    // The far end answers each byte, so that the near end hears and speaks all the time.
    far.onData = (bytes: Uint8Array) => {
      setTimeout(() => far.socket.write(Buffer.from(bytes)), 20);
    };
    let over = latch();
    near.onData = () => {
      if (performance.now() - start > 800) over.open();
      else near.socket.write("x");
    };
    near.socket.write("x");
    await within("the end of the chatter", over.promise);
    assert.is(idle, 0);
    over = latch();
    Object.assign(near, { onIdle: () => over.open() });
    await within("onIdle, once there is silence", over.promise);
    await stop();
  });

  test(`${name} never calls onIdle once it is switched off`, async () => {
    const { near, far, stop } = await pair(driver);
    let idle = 0;
    Object.assign(near, { onIdle: () => idle++ });
    near.socket.setIdleTimeout(100);
    near.socket.setIdleTimeout(0);
    const other = latch();
    Object.assign(far, { onIdle: () => other.open() });
    far.socket.setIdleTimeout(400);
    await within("the other end's onIdle", other.promise);
    assert.is(idle, 0);
    await stop();
  });
}

test.run();
