import { Buffer } from "node:buffer";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { needs } from "../../testing.ts";
import { readCapture } from "./capture-file.ts";
import { readTraffic } from "./datagrams.ts";
import { datagramsOf, transfer } from "./exchange-fixture.ts";
import { recordedOf } from "./recorded-datagram.ts";
import type { RecordedDatagram } from "./recorded-datagram.ts";
import { capinfos, fields } from "./tshark.ts";
import { udpPacket } from "./udp-packet.ts";
import { writePcapng } from "./write-pcapng.ts";

const CLIENT = { host: "127.0.7.1", port: 50000 };
const RECEIVER = { host: "127.0.7.2", port: 4650 };
const AT_MS = 1_700_000_000_123.457;

function sent(bytes: Uint8Array, more: Partial<RecordedDatagram> = {}): RecordedDatagram {
  return { atMs: AT_MS, from: CLIENT, to: RECEIVER, bytes, ...more };
}

function readBack(file: Buffer): RecordedDatagram[] {
  const { frames, problems } = readCapture(file);
  assert.equal(problems, []);
  return readTraffic(frames).datagrams.map(recordedOf);
}

function micros({ atMs }: RecordedDatagram): number {
  return Math.round(atMs * 1000);
}

/** Equal but for fractions of microseconds. */
function same(a: readonly RecordedDatagram[], b: readonly RecordedDatagram[]): void {
  const plain = (all: readonly RecordedDatagram[]) =>
    all.map(({ bytes, ...one }) => ({
      ...one,
      atMs: micros({ ...one, bytes }),
      bytes: Buffer.from(bytes).toString("hex"),
    }));
  assert.equal(plain(a), plain(b));
}

const port = fc.integer({ min: 1, max: 65535 });
const v4 = fc.record({ host: fc.ipV4(), port }, { noNullPrototype: true });
const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });
const v6 = fc.record({
  // As readers write it: the URL parser shortens runs of zeros.
  host: groups.map((all) => all.map((one) => one.toString(16)).join(":"))
    .map((one) => new URL(`http://[${one}]`).hostname.slice(1, -1)),
  port,
}, { noNullPrototype: true });

test("every way to write an IPv6 address gives its bytes", () => {
  const to = { host: "::", port: 1 };
  const written = (host: string) =>
    udpPacket({ host, port: 1 }, to, Buffer.alloc(0), 0).toString("hex", 8, 24);
  const forms = [
    "2001:db8::1",
    "2001:DB8:0:0:0:0:0.0.0.1",
    "2001:0db8:0:0:0:0:0:1",
    "2001:db8::1%lo",
  ];
  for (const form of forms) assert.is(written(form), "20010db8000000000000000000000001", form);
  assert.is(written("::ffff:10.0.0.1"), "00000000000000000000ffff0a000001");
  assert.is(written("1::"), `0001${"0".repeat(28)}`);
});

/** Up to 2038: later, seconds in a double are coarser than half a microsecond. */
const LATEST_US = 2 ** 31 * 1e6;

function datagram(endpoint: typeof v4) {
  return fc.record({
    atMs: fc.integer({ min: 0, max: LATEST_US }).map((us) => us / 1000),
    from: endpoint,
    to: endpoint,
    bytes: fc.uint8Array({ maxLength: 200 }),
    comment: fc.string({ unit: "binary" }),
  }, { requiredKeys: ["atMs", "from", "to", "bytes"], noNullPrototype: true });
}

test("what is written is read back: order, addresses, times to the microsecond, bytes, comments", () => {
  const list = fc.array(fc.oneof(datagram(v4), datagram(v6)), { maxLength: 8 });
  fc.assert(fc.property(list, fc.string({ unit: "binary" }), (datagrams, comment) => {
    const file = writePcapng(datagrams, { comment });
    same(readBack(file), datagrams);
    assert.is(readCapture(file).comment, comment);
  }));
});

test("times may count from a base", () => {
  const file = writePcapng([sent(Buffer.from("x"), { atMs: 12.5 })], { baseMs: 1_700_000_000_000 });
  assert.is(readBack(file)[0]?.atMs, 1_700_000_000_012.5);
});

test("the longest datagram is kept whole, a longer one cut with a comment that says so", () => {
  const [whole, cut] = readBack(
    writePcapng([
      sent(Buffer.alloc(65507, "a")),
      sent(Buffer.alloc(70000, "b"), { comment: "too long" }),
    ]),
  );
  assert.is(whole?.bytes.length, 65507);
  assert.is(whole?.comment, undefined);
  assert.is(cut?.bytes.length, 65507);
  assert.is(cut?.comment, "too long; cut: 70000 bytes, more than the 65507 of a UDP datagram");
});

test("a comment too long for its length field is cut between characters", () => {
  const comment = readCapture(writePcapng([], { comment: `a${"\u00e9".repeat(40_000)}` })).comment;
  assert.is(comment, `a${"\u00e9".repeat(32_765)}`);
});

const REFUSED: readonly (readonly [string, Partial<RecordedDatagram>, RegExp])[] = [
  ["a name for an address", { to: { host: "localhost", port: 1 } }, /"localhost" is no IP address/],
  ["two versions of IP", { to: { host: "::1", port: 1 } }, /two versions of IP/],
  ["a port out of range", { from: { host: "127.0.0.1", port: 65536 } }, /port 65536 is not in/],
  ["a time before 1970", { atMs: -1 }, /the time -1 ms is not from 1970 on/],
  ["no time", { atMs: NaN }, /the time NaN ms/],
];

for (const [title, change, told] of REFUSED) {
  test(`refuses ${title} and names the datagram`, () => {
    const list = [sent(Buffer.from("x")), sent(Buffer.from("y"), change)];
    assert.throws(() => writePcapng(list), (error: unknown) => {
      assert.instance(error, RangeError);
      assert.match((error as Error).message, /^datagram 1: /);
      assert.match((error as Error).message, told);
      return true;
    });
  });
}

/** Odd lengths, checksums that come out as 0, the longest, IPv6: what a reader could stumble on. */
const ODD: readonly RecordedDatagram[] = [
  sent(Buffer.alloc(0)),
  sent(Buffer.from("Type:0;")),
  sent(Buffer.from([0xff, 0, 0x0a])),
  sent(withZeroSum()),
  sent(Buffer.alloc(65507, 7)),
  sent(Buffer.from("six"), {
    from: { host: "fd00::1", port: 50000 },
    to: { host: "::ffff:10.0.0.1", port: 4650 },
    comment: "dropped by the stand-in",
  }),
];

/** A payload whose UDP checksum is 0, which has to be written as ffff. */
function withZeroSum(): Buffer {
  const payload = Buffer.alloc(2);
  const [frame] = readCapture(writePcapng([sent(payload)])).frames;
  // The checksum is the complement of the sum, so adding it makes the sum ffff and its complement 0.
  return Buffer.from(frame!.bytes.subarray(26, 28));
}

test("a checksum of 0 is written as ffff", () => {
  const [frame] = readCapture(writePcapng([sent(withZeroSum())])).frames;
  assert.is(frame?.bytes.readUInt16BE(26), 0xffff);
});

needs(test, "tshark", "tshark reads it without a warning and prints the same payloads", () => {
  const file = writePcapng(ODD, { comment: "mdalp.client.intent/now" });
  const columns = ["udp.payload", "ip.src", "ip.dst", "udp.srcport", "udp.dstport"];
  const rows = fields(file, [...columns, "frame.time_epoch"]);
  assert.equal(
    rows.map(([payload]) => payload),
    ODD.map(({ bytes }) => Buffer.from(bytes).toString("hex")),
  );
  assert.equal(rows[1]?.slice(1), [
    "127.0.7.1",
    "127.0.7.2",
    "50000",
    "4650",
    "1700000000.123457000",
  ]);
});

needs(test, "tshark", "tshark finds nothing malformed and every checksum right", () => {
  const transferred = datagramsOf(transfer([2, 3, 3], [0.3, 0.2, 0.2])).map(recordedOf);
  const all = [...ODD, ...transferred];
  const names = ["ip.version", "udp.checksum.status", "ip.checksum.status", "_ws.expert"];
  const rows = fields(writePcapng(all), names);
  // IPv6's header has no checksum; a comment is an expert info of its own kind.
  const comment = "Expert Info (Comment/Comment): dropped by the stand-in";
  assert.equal(
    rows,
    all.map(({ to }) => {
      return to.host.includes(":") ? ["6", "1", "", comment] : ["4", "1", "1", ""];
    }),
  );
});

needs(test, "tshark", "tshark sees a checksum that was spoiled: the test above can fail", () => {
  const file = writePcapng([sent(Buffer.from("spoil me"))]);
  const at = file.indexOf("spoil me");
  file[at] = "S".charCodeAt(0);
  assert.equal(fields(file, ["udp.checksum.status"]), [["0"]]);
});

needs(test, "tshark", "tshark shows the comment of the file and those of packets", () => {
  const file = writePcapng(ODD, { comment: "mdalp.client.intent/now" });
  assert.equal(fields(file, ["frame.comment"], ["-Y", "frame.comment"]), [
    ["dropped by the stand-in"],
  ]);
  assert.match(capinfos(file), /^Capture comment: +mdalp\.client\.intent\/now$/m);
});

test.run();
