import { Buffer } from "node:buffer";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { needs } from "../../testing.ts";
import { readCapture } from "./capture-file.ts";
import { echo, fragments, ip, LINK_TYPE, LINKS, pcapng, udp } from "./capture-fixture.ts";
import type { Segment } from "./capture-fixture.ts";
import { endpointName, readTraffic } from "./datagrams.ts";
import type { Traffic } from "./datagrams.ts";
import { fields } from "./tshark.ts";

const V4 = [{ address: "10.0.0.1", port: 50000 }, { address: "10.0.1.1", port: 4650 }] as const;
const V6 = [{ address: "fd00::1", port: 50000 }, { address: "fd00::2:1", port: 4650 }] as const;
const TEXT = "Type:3;TID:1;SEQ:2;";

/** Raw IP packets as frames, a second apart or at these times. */
function read(packets: readonly Buffer[], timesS?: readonly number[]): Traffic {
  return readTraffic(packets.map((bytes, i) => {
    const timeS = timesS?.[i] ?? i;
    return { timeS, linkType: LINK_TYPE.raw, bytes, wireLength: bytes.length };
  }));
}

function payloads(traffic: Traffic): string[] {
  return traffic.datagrams.map(({ payload }) => payload.toString("latin1"));
}

for (const [version, [from, to]] of [["IPv4", V4], ["IPv6", V6]] as const) {
  for (const [name, { linkType, wrap }] of Object.entries(LINKS)) {
    test(`reads a datagram over ${version} on ${name}`, () => {
      const bytes = wrap(ip(udp(from, to, Buffer.from(TEXT))));
      const { datagrams } = readTraffic([
        { timeS: 12.5, linkType, bytes, wireLength: bytes.length },
      ]);
      assert.equal(datagrams, [
        { timeS: 12.5, source: from, destination: to, payload: Buffer.from(TEXT), cut: false },
      ]);
    });
  }

  const long = Buffer.from(Array.from({ length: 500 }, (_, i) => i % 251));
  const segment = udp(from, to, long);
  const pieces = fragments(segment, 128);
  assert.is(pieces.length, 4);

  for (const order of [[0, 1, 2, 3], [3, 1, 0, 2], [3, 2, 1, 0]]) {
    test(`puts ${version} fragments together that come as ${order.join(", ")}`, () => {
      const { datagrams } = read(order.map((i) => pieces[i]!));
      assert.is(datagrams.length, 1);
      assert.ok(datagrams[0]?.payload.equals(long));
      assert.is(datagrams[0]?.timeS, 3);
    });
  }

  test(`gives nothing for ${version} fragments of which one is missing`, () => {
    for (let missing = 0; missing < 4; missing++) {
      assert.equal(read(pieces.filter((_, i) => i !== missing)).datagrams, []);
    }
  });

  test(`puts overlapping ${version} fragments together`, () => {
    const overlapping = [
      ip(segment, { offset: 0, length: 256, more: true }),
      ip(segment, { offset: 128, length: 256, more: true }),
      ip(segment, { offset: 128, length: 128, more: true }),
      ip(segment, { offset: 256, length: 256, more: false }),
    ];
    assert.ok(read(overlapping).datagrams[0]?.payload.equals(long));
  });

  test(`does not mix ${version} fragments of different packets`, () => {
    const other = fragments(udp(from, to, Buffer.alloc(500, "x")), 128, 2);
    const { datagrams } = read(pieces.flatMap((piece, i) => [piece, other[i]!]));
    assert.equal(datagrams.map(({ payload }) => payload.equals(long)), [true, false]);
  });

  test(`does not complete a ${version} packet with an hour-old fragment of the same number`, () => {
    const again = fragments(udp(from, to, Buffer.alloc(500, "x")), 128);
    const mixed = [pieces[0]!, ...again.slice(1)];
    assert.is(read(mixed, [0, 1, 2, 3]).datagrams.length, 1);
    assert.is(read(mixed, [0, 3600, 3601, 3602]).datagrams.length, 0);
  });

  test(`measures pings over ${version}`, () => {
    const [a, b] = [from.address, to.address];
    const packets = [
      echo("reply", b, a, 1),
      echo("request", a, b, 2),
      echo("request", a, b, 3),
      echo("reply", b, a, 3),
      echo("reply", b, a, 2),
      echo("reply", b, a, 2),
    ].map((one) => ip(one));
    const { echoes, datagrams } = read(packets, [0, 1, 2, 2.25, 2.5, 9]);
    assert.equal(echoes, [
      { address: b, roundTripMs: 250 },
      { address: b, roundTripMs: 1500 },
    ]);
    assert.equal(datagrams, []);
  });
}

test("gives up the oldest of a thousand packets that were never complete", () => {
  const [from, to] = V4;
  const segment = udp(from, to, Buffer.alloc(500, "x"));
  const lost = Array.from({ length: 1200 }, (_, id) => fragments(segment, 128, id + 1)[0]!);
  const whole = fragments(segment, 128, 5000);
  const timesS = Array<number>(lost.length + whole.length).fill(0);
  assert.is(read([...lost, ...whole], timesS).datagrams.length, 1);
  const rest = (id: number) => fragments(segment, 128, id).slice(1);
  assert.is(read([...lost, ...rest(1)], timesS).datagrams.length, 0);
  assert.is(read([...lost, ...rest(1200)], timesS).datagrams.length, 1);
});

test("reads the IPv4 total length of 0 that offloading leaves", () => {
  const packet = ip(udp(...V4, Buffer.from(TEXT)));
  packet.writeUInt16BE(0, 2);
  assert.equal(payloads(read([packet])), [TEXT]);
});

test("passes over IPv6 extension headers", () => {
  const plain = ip(udp(...V6, Buffer.from(TEXT)));
  const hopByHop = Buffer.from([17, 0, 1, 4, 0, 0, 0, 0]);
  const packet = Buffer.concat([plain.subarray(0, 40), hopByHop, plain.subarray(40)]);
  packet[6] = 0;
  packet.writeUInt16BE(plain.readUInt16BE(4) + 8, 4);
  assert.equal(payloads(read([packet])), [TEXT]);
});

test("says where the capture kept only a part", () => {
  const packet = ip(udp(...V4, Buffer.from(TEXT)));
  const { datagrams } = read([packet.subarray(0, packet.length - 5)]);
  assert.is(datagrams[0]?.cut, true);
  assert.equal(datagrams[0]?.payload.toString(), TEXT.slice(0, -5));
});

test("leaves other traffic out", () => {
  const [from, to] = V4;
  const tcp: Segment = { from: from.address, to: to.address, protocol: 6, bytes: Buffer.alloc(20) };
  const arp = Buffer.concat([Buffer.alloc(12), Buffer.from([8, 6]), Buffer.alloc(46)]);
  const frames = [
    { linkType: LINK_TYPE.raw, bytes: ip(tcp) },
    { linkType: LINK_TYPE.raw, bytes: Buffer.alloc(0) },
    { linkType: LINK_TYPE.raw, bytes: Buffer.from([0x50, 1, 2, 3]) },
    { linkType: LINK_TYPE.ethernet, bytes: arp },
    { linkType: LINK_TYPE.ethernet, bytes: Buffer.alloc(13) },
    { linkType: LINK_TYPE.cooked2, bytes: Buffer.alloc(19) },
    // Wireless frames, which are not read.
    { linkType: 105, bytes: ip(udp(from, to, Buffer.from(TEXT))) },
  ].map((frame) => ({ timeS: 0, wireLength: frame.bytes.length, ...frame }));
  assert.equal(readTraffic(frames), { datagrams: [], echoes: [] });
});

test("throws nothing, whatever the frames hold", () => {
  const types = [...Object.values(LINK_TYPE), 12, 14, 105];
  const heads = [ip(udp(...V4, Buffer.alloc(9))), fragments(udp(...V6, Buffer.alloc(99)), 64)[0]!];
  const bytes = fc.tuple(
    fc.constantFrom(...heads),
    fc.nat(60),
    fc.uint8Array({ maxLength: 80 }),
    fc.boolean(),
  ).map(([head, at, tail, wrapped]) => {
    const packet = Buffer.concat([head.subarray(0, at), tail]);
    return wrapped && packet.length > 0 ? LINKS["Ethernet"]!.wrap(packet) : packet;
  });
  const frame = fc.record({ timeS: fc.nat(), linkType: fc.constantFrom(...types), bytes });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), (frames) => {
      const read = readTraffic(frames.map((one) => ({ ...one, wireLength: one.bytes.length })));
      assert.ok(read.datagrams.length + read.echoes.length <= frames.length);
    }),
    { numRuns: 1000 },
  );
});

needs(test, "tshark", "tshark reads the same payloads from every link layer, and fragments", () => {
  const links = Object.values(LINKS);
  const segments = [V4, V6].map(([from, to]) => udp(from, to, Buffer.from(TEXT)));
  const packets = segments.flatMap((segment) => [ip(segment), ...fragments(segment, 16)]);
  const frames = links.flatMap(({ wrap }, on) =>
    packets.map((packet, i) => ({ timeS: on + i / 100, bytes: wrap(packet), on }))
  );
  const file = pcapng(frames, { interfaces: links.map(({ linkType }) => ({ linkType })) });
  const ours = readTraffic(readCapture(file).frames).datagrams;
  // The checksums of fixtures are 0: tshark would not put such fragments together.
  const options = ["ip.check_checksum:FALSE", "udp.check_checksum:FALSE"].flatMap((
    one,
  ) => ["-o", one]);
  const rows = fields(file, ["udp.payload", "udp.srcport"], [...options, "-Y", "udp"]);
  assert.is(ours.length, links.length * 4);
  assert.equal(
    rows,
    ours.map(({ payload, source }) => {
      return [payload.toString("hex"), String(source.port)];
    }),
  );
});

test("writes IPv6 endpoints in brackets", () => {
  assert.is(endpointName(V6[0]), "[fd00::1]:50000");
  assert.is(endpointName(V4[0]), "10.0.0.1:50000");
});

test.run();
