import { Buffer } from "node:buffer";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { udp } from "./mod.ts";
import type { UdpAddress, UdpDriver } from "./mod.ts";
import { failureOf, within } from "./test-kit.ts";

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
