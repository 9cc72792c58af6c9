/** The Wireshark dissector, docs/mdalp.lua, run by tshark. */
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { writeAck, writeData, writeIntent, writePlan } from "../../../src/mdalp/mod.ts";
import { packageRoot } from "../../engine/package.ts";
import { needs } from "../../testing.ts";
import { ethernet, ip, pcapng, udp } from "./capture-fixture.ts";
import { PUBLISHED, published } from "./published.ts";
import type { RecordedDatagram } from "./recorded-datagram.ts";
import { fields, luaTshark, tshark } from "./tshark.ts";
import { writePcapng } from "./write-pcapng.ts";

const SCRIPT = ["-X", `lua_script:${join(packageRoot, "docs/mdalp.lua")}`];
const TSHARK = luaTshark();
const CLIENT = { host: "127.0.7.1", port: 50000 };
const RECEIVER = { host: "127.0.7.3", port: 4650 };

function sent(bytes: Uint8Array | string, atMs = 0): RecordedDatagram {
  return { atMs, from: CLIENT, to: RECEIVER, bytes: Buffer.from(bytes) };
}

function came(bytes: Uint8Array | string, atMs = 0): RecordedDatagram {
  return { atMs, from: RECEIVER, to: CLIENT, bytes: Buffer.from(bytes) };
}

/** A row for each datagram. Throws where tshark or the script complains. */
function dissected(datagrams: readonly RecordedDatagram[], names: readonly string[]): string[][] {
  return fields(writePcapng(datagrams), names, SCRIPT);
}

const INFO = "_ws.col.Info";
const EXPERT = "_ws.expert.message";

needs(test, TSHARK, "each message shows its fields, and the info column reads as it", () => {
  const payload = Buffer.from("a;SEQ:9;\n\\");
  const rows = dissected([
    sent(writeIntent()),
    sent(writeData(3740, 10, payload), 1000),
    came(writeAck(3740, 10), 1250),
  ], ["mdalp.type", "mdalp.tid", "mdalp.seq", "mdalp.data", "mdalp.data.length", EXPERT, INFO]);
  assert.equal(rows, [
    ["0", "", "", "", "", "", "Intent"],
    ["2", "3740", "10", payload.toString("hex"), "10", "", "Data TID=3740 SEQ=10 10 bytes"],
    ["3", "3740", "10", "", "", "", "Ack TID=3740 SEQ=10"],
  ]);
});

needs(test, TSHARK, "a plan shows its receivers with their addresses and names", () => {
  const plan = writePlan(7, [
    { address: "10.0.1.1", name: "Ann's \"best\"; {'x': [1]}, Köln" },
    { address: "10.0.1.2", name: "" },
  ]);
  const other = "Type:1;TID:8;DATA:[ {\"name\" : 'b', 'ip_address':'10.0.1.3',} , ];";
  const names = ["mdalp.receivers", "mdalp.receiver.address", INFO];
  assert.equal(dissected([came(plan), came(other)], names), [
    ["2", "10.0.1.1,10.0.1.2", "Plan TID=7 2 receivers"],
    ["1", "10.0.1.3", "Plan TID=8 1 receivers"],
  ]);
  const [[name = ""] = []] = dissected([came(plan)], ["mdalp.receiver.name"]);
  assert.match(name, "best");
});

needs(test, TSHARK, "a copy is told from a packet, and an ack knows its packet and time", () => {
  const data = writeData(1, 0, Buffer.from("same"));
  const rows = dissected([
    sent(data, 0),
    sent(data, 3000),
    came(writeAck(1, 0), 3900),
    sent(writeData(1, 0, Buffer.from("else")), 5000),
    came(writeAck(1, 0), 6000),
    came(writeAck(2, 0), 7000),
  ], ["mdalp.retransmission", "mdalp.first_frame", "mdalp.ack_of", "mdalp.ack_time", EXPERT, INFO]);
  const info = "Data TID=1 SEQ=0 4 bytes";
  assert.equal(rows, [
    ["", "", "", "", "", info],
    ["1", "1", "", "", "This packet was sent before", `${info} [sent again]`],
    ["", "", "2", "0.900000000", "", "Ack TID=1 SEQ=0"],
    ["1", "1", "", "", "Sent again with other bytes", `${info} [sent again with other bytes]`],
    ["", "", "4", "1.000000000", "This packet was acknowledged before", "Ack TID=1 SEQ=0 [again]"],
    [
      "",
      "",
      "",
      "",
      "An ack of what the capture does not show",
      "Ack TID=2 SEQ=0 [of nothing that was seen]",
    ],
  ]);
});

const COMPLAINTS: readonly (readonly [payload: string, complaint: string])[] = [
  [`Type:2;TID:1;SEQ:2;DATA:${"x".repeat(101)}`, "More than 100 payload bytes"],
  ["Type:2;TID:1;SEQ:3;DATA:", "A data packet without payload"],
  ...[
    "",
    "hello",
    "Type:0",
    "Type:0;x",
    "Type:3;TID:1;SEQ:2",
    "Type:3;TID:1;SEQ:-2;",
    "Type:3;TID:99999999999;SEQ:2;",
    "Type:2;TID:1;SEQ:99999999999;DATA:x",
    "Type:1;TID:1;DATA:__import__('os').system('true');",
    "Type:1;TID:1;DATA:[{'ip_address': '1.2.3.4'}]",
    "Type:1;TID:1;DATA:[{'ip_address': '1.2.3.4'",
    "Type:1;TID:1;DATA:[{'ip_address': 'a\\",
    "Type:9;",
  ].map((payload) => [payload, "No message of MDALP"] as const),
];

needs(test, TSHARK, "odd datagrams are marked, not refused", () => {
  // Without a payload Wireshark asks no dissector.
  const told = COMPLAINTS.filter(([payload]) => payload !== "");
  const rows = dissected(told.map(([payload]) => sent(payload)), [EXPERT]);
  assert.equal(rows.map(([expert]) => expert), told.map(([, complaint]) => complaint));
});

needs(test, TSHARK, "an address that is none stays a text", () => {
  const plan = "Type:1;TID:1;DATA:[{'ip_address': '999.1.2.3', 'name': 'a'}, {'name': 'b'}];";
  assert.equal(dissected([came(plan)], ["mdalp.receiver", "mdalp.receiver.address"]), [
    ["999.1.2.3 a,no address b", ""],
  ]);
});

needs(test, TSHARK, "a packet that was captured in part says so", () => {
  const bytes = ethernet(ip(udp(
    { address: "10.0.0.1", port: 50000 },
    { address: "10.0.1.1", port: 4650 },
    writeData(1, 0, Buffer.alloc(100, "x")),
  )));
  const file = pcapng([{ timeS: 1, bytes: bytes.subarray(0, 80), wireLength: bytes.length }]);
  assert.equal(fields(file, [INFO], SCRIPT), [["Data TID=1 SEQ=0 14 bytes [cut by the capture]"]]);
});

/** Bytes near to messages, and noise. */
const oddBytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }),
  fc.tuple(
    fc.constantFrom(
      "Type:0;",
      "Type:1;TID:1;DATA:[{'ip_address': '10.0.0.1', 'name': '",
      "Type:1;TID:1;DATA:[{'",
      "Type:2;TID:1;SEQ:1;DATA:",
      "Type:3;TID:1;SEQ:1;",
    ),
    fc.uint8Array({ maxLength: 150 }),
    fc.constantFrom("", "'}];", "\\'}];"),
  ).map(([head, middle, tail]) => {
    return Buffer.concat([Buffer.from(head), middle, Buffer.from(tail)]);
  }),
);

needs(test, TSHARK, "no bytes make the script fail", () => {
  // A start of tshark for thousands of datagrams, as one start for each would take minutes.
  const all = fc.sample(oddBytes, 3000).map((bytes, i) => i % 2 ? sent(bytes, i) : came(bytes, i));
  const { stdout, stderr } = tshark(writePcapng(all), [...SCRIPT, "-V"]);
  assert.is(stderr, "");
  assert.not.match(stdout, /Lua Error|\.lua:\d+/);
  assert.is(stdout.match(/^Multi-Destination Application Layer Protocol/gm)?.length, 3000);
});

published(test, "the published captures are messages from end to end", () => {
  for (
    const [name, packets, again] of [["load_balance.pcapng", 51, 4], ["b.pcapng", 50, 2]] as const
  ) {
    const file = readFileSync(join(PUBLISHED, name));
    const names = ["mdalp.type", "mdalp.retransmission", EXPERT];
    const rows = fields(file, names, [...SCRIPT, "-Y", "mdalp"]);
    const count = (type: string) => rows.filter(([one]) => one === type).length;
    assert.equal(["0", "1", "2", "3"].map(count), [1, 1, packets + again, packets]);
    assert.is(rows.filter(([, copy]) => copy === "1").length, again);
    // Other infos are of UDP: the sender's card filled in the checksums after the capture.
    const odd = /No message|other bytes|not show|acknowledged before|payload/;
    assert.equal(rows.filter(([, , expert]) => odd.test(expert ?? "")), []);
  }
}, TSHARK);

test.run();
