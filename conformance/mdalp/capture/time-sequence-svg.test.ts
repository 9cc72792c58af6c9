import { Buffer } from "node:buffer";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { HOSTILE } from "../../report/fixture.ts";
import { CLIENT, datagramsOf, ORCHESTRATOR, RECEIVERS, transfer } from "./exchange-fixture.ts";
import type { Datagram, Endpoint } from "./datagrams.ts";
import { sequenceOf } from "./sequence-marks.ts";
import { timeSequenceSvg } from "./time-sequence-svg.ts";

const RECEIVER: Endpoint = { address: RECEIVERS[0], port: 4650 };

function sent(timeS: number, text: string, to = RECEIVER): Datagram {
  return { timeS, source: CLIENT, destination: to, payload: Buffer.from(text), cut: false };
}

function came(timeS: number, text: string, from = RECEIVER): Datagram {
  return { timeS, source: from, destination: CLIENT, payload: Buffer.from(text), cut: false };
}

const data = (at: number, seq: number) => sent(at, `Type:2;TID:1;SEQ:${seq};DATA:x`);
const ack = (at: number, seq: number, tid = 1) => came(at, `Type:3;TID:${tid};SEQ:${seq};`);

/** The marks of the only lane: kind, time, the other end's, and `lost`. */
function marks(datagrams: readonly Datagram[]): unknown[] {
  const { lanes } = sequenceOf(datagrams);
  assert.is(lanes.length, 1);
  return (lanes[0]?.marks ?? []).map(({ kind, atS, otherS, unanswered }) => {
    return [kind, atS, ...(otherS === undefined ? [] : [otherS]), ...(unanswered ? ["lost"] : [])];
  });
}

test("an ack meets its packet half way", () => {
  assert.equal(marks([data(10, 0), ack(12, 0)]), [["data", 0, 1], ["ack", 2, 1]]);
});

test("of two copies and one ack the earlier copy is the lost one", () => {
  assert.equal(marks([data(0, 0), data(3, 0), ack(4, 0)]), [
    ["data", 0, "lost"],
    ["again", 3, 3.5],
    ["ack", 4, 3.5],
  ]);
});

test("of two copies and two acks none is lost", () => {
  assert.equal(marks([data(0, 0), data(3, 0), ack(4, 0), ack(7, 0)]), [
    ["data", 0, 2],
    ["again", 3, 5],
    ["ack", 4, 2],
    ["ack", 7, 5],
  ]);
});

test("a packet that nobody acknowledged is lost, an ack of nothing sent is odd", () => {
  assert.equal(marks([data(0, 0), ack(1, 0, 9), ack(2, 5)]), [
    ["data", 0, "lost"],
    ["odd", 1],
    ["odd", 2],
  ]);
});

test("noise from a party is odd, noise between strangers is not drawn", () => {
  const stranger = { ...sent(2, "x"), source: { address: "10.9.9.9", port: 1 } };
  assert.equal(marks([data(0, 0), came(1, "noise"), stranger]), [["data", 0, "lost"], ["odd", 1]]);
});

test("a client that shares an address with its receivers is told apart by its port", () => {
  const local = (port: number) => ({ address: "127.0.0.1", port });
  const packet = { ...data(0, 0), source: local(50000), destination: local(4650) };
  assert.is(sequenceOf([packet]).lanes[0]?.party, "127.0.0.1:4650");
});

test("a long wait for the plan is left out, and said", () => {
  const rest = [came(800, "Type:1;TID:1;DATA:[{'ip_address': '10.0.1.1'}];", ORCHESTRATOR)];
  const all = [sent(0, "Type:0;", ORCHESTRATOR), ...rest, data(801, 0), ack(802, 0)];
  const { lanes, lengthS, notes } = sequenceOf(all);
  assert.is(lengthS, 2);
  assert.equal(notes, ["Not drawn: 1 datagram before a silence of 800.0 s."]);
  assert.equal(lanes.map((lane) => lane.marks.length), [1, 2]);
});

test("a silence within the transfer is drawn", () => {
  const { lengthS, notes } = sequenceOf([data(0, 0), data(90, 0), ack(91, 0)]);
  assert.is(lengthS, 91);
  assert.equal(notes, []);
});

test("of more datagrams than can be seen the first are drawn, and that is said", () => {
  const many = Array.from({ length: 10_000 }, (_, seq) => data(seq, seq));
  const { lanes, notes } = sequenceOf(many);
  assert.is(lanes[0]?.marks.length, 4000);
  assert.equal(notes, ["Only the first 4000 of 10000 datagrams are drawn."]);
});

test("each datagram is a line, copies are named, losses crossed", () => {
  const svg = timeSequenceSvg([data(0, 7), data(3, 7), ack(4, 7)], "a title");
  assert.match(svg, "<title>a title</title>");
  assert.is(svg.match(/<g>/g)?.length, 3);
  assert.match(svg, ">R 7</text>");
  assert.match(svg, "1 packet, 1 again");
  // One in the picture and one in the legend.
  assert.is(svg.match(/class="cross"/g)?.length, 2);
  assert.is(svg.match(/class="diamond"/g)?.length, 2);
  assert.match(svg, "0.000 s: data packet, no ack came: Type:2;TID:1;SEQ:7;DATA:x, 25 bytes");
  assert.match(svg, "time in s");
});

test("the picture stands alone, and knows light and dark", () => {
  const svg = timeSequenceSvg(datagramsOf(transfer([3, 3, 3], [0.3, 0.2, 0.2])), "x");
  assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
  assert.not.match(svg, /<script|<image|<use|\bhref|\bid=|url\(|@import|NaN|undefined|Infinity/);
  assert.match(svg, "prefers-color-scheme: dark");
});

test("no datagram gives a picture that says so", () => {
  const svg = timeSequenceSvg([], "nothing");
  assert.match(svg, "no datagram of MDALP");
  assert.not.match(svg, /NaN|Infinity/);
});

test("hostile titles, comments and payloads add no tag and no control character", () => {
  const packet = { ...data(0, 0), payload: Buffer.from(`Type:2;${HOSTILE}`), comment: HOSTILE };
  const tags = (svg: string) => new Set([...svg.matchAll(/<\/?([^\s/>]+)/g)].map(([, tag]) => tag));
  const hostile = timeSequenceSvg([data(0, 0), packet], HOSTILE);
  assert.equal(tags(hostile), tags(timeSequenceSvg([data(0, 0), came(1, "x")], "x")));
  assert.not.match(hostile, /[\x00-\x09\x0b-\x1f\x7f-\xa0\u{d800}-\u{dfff}\uffff]/u);
});

test("any datagrams give numbers only", () => {
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.tuple(fc.nat(3), fc.nat(3), fc.nat(5)).map(([type, tid, seq]) =>
      Buffer.from(
        `Type:${type};${type > 0 ? `TID:${tid};SEQ:${seq};` : ""}${type === 2 ? "DATA:x" : ""}`,
      )
    ),
  );
  const endpoint = fc.constantFrom(CLIENT, RECEIVER, ORCHESTRATOR);
  const one = fc.record({
    timeS: fc.double({ min: 0, max: 1e9, noNaN: true }),
    source: endpoint,
    destination: endpoint,
    payload: payload.map((bytes) => Buffer.from(bytes)),
    cut: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(one, { maxLength: 20 }), (datagrams) => {
    assert.not.match(timeSequenceSvg(datagrams, "x"), /NaN|Infinity|undefined/);
  }));
});

test.run();
