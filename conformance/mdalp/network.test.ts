import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nodeUdp } from "../../src/net/mod.ts";
import { PORT, takeNetwork } from "./network.ts";

const test = suite("network");

test("networks are different ones of 127.16 to 127.239 until they are given back", () => {
  const networks = Array.from({ length: 50 }, () => takeNetwork());
  const prefixes = networks.map(({ prefix }) => prefix);
  assert.is(new Set(prefixes).size, 50);
  for (const prefix of prefixes) {
    const [, second, third] = /^127\.(\d+)\.(\d+)$/.exec(prefix) ?? [];
    assert.ok(Number(second) >= 16 && Number(second) <= 239, prefix);
    assert.ok(Number(third) <= 255, prefix);
  }
  for (const network of networks) network.release();
});

/** The prefix after this one, as the search goes. */
function following(prefix: string): string {
  const [, second, third] = prefix.split(".").map(Number) as [number, number, number];
  const number = ((second - 16) * 256 + third + 1) % (224 * 256);
  return `127.${16 + (number >> 8)}.${number & 0xff}`;
}

test("one where somebody listens is left out", () => {
  const first = takeNetwork(() => []);
  const busy = following(first.prefix);
  const next = takeNetwork(() => [`${busy}.7`]);
  assert.is(next.prefix, following(busy));
  first.release();
  next.release();
});

test("a socket of this host is seen", async () => {
  const first = takeNetwork();
  const socket = await nodeUdp.bind({ host: `${following(first.prefix)}.9`, port: PORT }, () => {});
  try {
    const next = takeNetwork();
    assert.is.not(next.prefix, following(first.prefix));
    next.release();
  } finally {
    socket.close();
    first.release();
  }
});

for (const wildcard of ["0.0.0.0", "::"]) {
  test(`a program that holds ${wildcard} is named with what to do`, () => {
    assert.throws(
      () => takeNetwork(() => ["127.30.1.1", wildcard]),
      /holds UDP port 4650 on all addresses, .*; end it \(ss -lunp 'sport = :4650' shows it\)/,
    );
  });
}

test("where all are taken the error says so", () => {
  const all = Array.from(
    { length: 224 * 256 },
    (_, number) => `127.${16 + (number >> 8)}.${number & 0xff}.1`,
  );
  assert.throws(() => takeNetwork(() => all), /all 57344 networks .* run fewer jobs at once/);
});

test.run();
