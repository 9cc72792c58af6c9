import { Buffer } from "node:buffer";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { udp } from "./mod.ts";
import type { UdpAddress, UdpDriver } from "./mod.ts";
import { failureOf, latch, within } from "./test-kit.ts";
import { bunUdp } from "./udp-bun.ts";
import { nodeUdp } from "./udp-node.ts";
import { polling } from "./udp-polling.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0 };

function tests(name: string, driver: UdpDriver): void {
  const test = suite(name);

  test("a datagram of any bytes arrives whole, with its sender", async () => {
    const sent = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 256));
    const b = await bound(driver);
    const a = await bound(driver);
    a.socket.send(sent, { host: "127.0.0.1", port: b.socket.port });
    const { datagram, from } = await within("a datagram", b.next());
    assert.ok(sent.equals(datagram));
    assert.equal(from, { host: "127.0.0.1", port: a.socket.port });
    a.socket.close();
    b.socket.close();
  });

  test("an answer finds its way back, a hundred times", async () => {
    const a = await bound(driver);
    const echo = await driver.bind(
      LOOPBACK,
      (datagram, from) => echo.send(Buffer.from(datagram), from),
    );
    for (let i = 0; i < 100; i++) {
      a.socket.send(Buffer.from(`ping ${i}`), { host: "127.0.0.1", port: echo.port });
      assert.is((await within("a datagram", a.next())).datagram.toString(), `ping ${i}`);
    }
    a.socket.close();
    echo.close();
  });

  test("a datagram to nobody does no harm", async () => {
    const gone = await bound(driver);
    const { port } = gone.socket;
    gone.socket.close();
    const a = await bound(driver);
    const b = await bound(driver);
    a.socket.send(Buffer.from("lost"), { host: "127.0.0.1", port });
    a.socket.send(Buffer.from("kept"), { host: "127.0.0.1", port: b.socket.port });
    assert.is((await within("a datagram", b.next())).datagram.toString(), "kept");
    a.socket.close();
    b.socket.close();
    b.socket.close();
    b.socket.send(Buffer.from("late"), { host: "127.0.0.1", port });
  });

  test("what a closed socket's port refuses does not stop the socket that sent it", async () => {
    const a = await bound(driver);
    const gone = await bound(driver);
    const nobody = { host: "127.0.0.1", port: gone.socket.port };
    gone.socket.close();
    const b = await bound(driver);
    for (let i = 0; i < 50; i++) {
      a.socket.send(Buffer.from("lost"), nobody);
      a.socket.send(Buffer.from(`kept ${i}`), { host: "127.0.0.1", port: b.socket.port });
      assert.is((await within("a datagram", b.next())).datagram.toString(), `kept ${i}`);
    }
    b.socket.send(Buffer.from("still"), { host: "127.0.0.1", port: a.socket.port });
    assert.is((await within("a datagram", a.next())).datagram.toString(), "still");
    a.socket.close();
    b.socket.close();
  });

  test("a datagram to port 0 is lost, and nothing else", async () => {
    const a = await bound(driver);
    const b = await bound(driver);
    for (const to of [{ host: "127.0.0.1", port: 0 }, { host: "127.0.0.1", port: b.socket.port }]) {
      a.socket.send(Buffer.from(`to ${to.port === 0 ? "nobody" : "b"}`), to);
    }
    assert.is((await within("a datagram", b.next())).datagram.toString(), "to b");
    a.socket.close();
    b.socket.close();
  });

  test("datagrams of no byte and of 65507, the most that there is, arrive whole", async () => {
    const a = await bound(driver);
    const b = await bound(driver);
    const largest = Buffer.alloc(65_507, "0123456789abcdef");
    for (const sent of [Buffer.alloc(0), largest, Buffer.from("x")]) {
      a.socket.send(sent, { host: "127.0.0.1", port: b.socket.port });
      const { datagram } = await within(`${sent.length} bytes`, b.next());
      assert.ok(sent.equals(datagram), `${datagram.length} bytes came of ${sent.length}`);
    }
    a.socket.close();
    b.socket.close();
  });

  test("a burst arrives, with every byte of each its own", async () => {
    const a = await bound(driver);
    const b = await bound(driver);
    for (let i = 0; i < 60; i++) {
      a.socket.send(Buffer.alloc(100, i), { host: "127.0.0.1", port: b.socket.port });
    }
    const first: number[] = [];
    for (let i = 0; i < 60; i++) {
      const { datagram } = await within(`datagram ${i}`, b.next());
      assert.ok(datagram.equals(Buffer.alloc(100, datagram[0])), datagram.toString("hex"));
      first.push(datagram[0] as number);
    }
    // The order is nobody's promise: Deno turns the first burst of a process round.
    assert.equal(first.sort((x, y) => x - y), Array.from({ length: 60 }, (_, i) => i));
    a.socket.close();
    b.socket.close();
  });

  test("a socket that is closed by its handler hears no more of a burst", async () => {
    let heard = 0;
    const first = latch();
    const closing = await driver.bind(LOOPBACK, () => {
      heard++;
      closing.close();
      first.open();
    });
    const a = await bound(driver);
    const to = { host: "127.0.0.1", port: closing.port };
    for (let i = 0; i < 20; i++) a.socket.send(Buffer.from("burst"), to);
    await within("the first datagram", first.promise);
    // Whatever the closed socket would have been told comes before an exchange of others.
    const b = await bound(driver);
    a.socket.send(Buffer.from("after"), { host: "127.0.0.1", port: b.socket.port });
    await within("a datagram", b.next());
    assert.is(heard, 1);
    a.socket.close();
    b.socket.close();
  });

  test("an address that is in use is refused by name", async () => {
    const a = await bound(driver);
    const error = await failureOf(
      driver.bind({ host: "127.0.0.1", port: a.socket.port }, () => {}),
    );
    assert.match(error.message, `binding UDP 127.0.0.1:${a.socket.port}`);
    a.socket.close();
  });

  test.run();
}

interface Arrived {
  readonly datagram: Buffer;
  readonly from: UdpAddress;
}

/** A socket whose datagrams are waited for one by one. */
async function bound(driver: UdpDriver) {
  const arrived: Arrived[] = [];
  const waiting: ((one: Arrived) => void)[] = [];
  const socket = await driver.bind(LOOPBACK, (bytes, from) => {
    const one = { datagram: Buffer.from(bytes), from };
    const waiter = waiting.shift();
    if (waiter) waiter(one);
    else arrived.push(one);
  });
  const next = () => {
    const one = arrived.shift();
    return one ? Promise.resolve(one) : new Promise<Arrived>((done) => waiting.push(done));
  };
  return { socket, next };
}

tests("udp of this runtime", udp);
tests("udp that polls, whether or not it would be tried here", polling(bunUdp ?? nodeUdp, true));
tests("udp that never polls", bunUdp ?? nodeUdp);
