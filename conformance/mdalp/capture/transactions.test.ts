import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { writeAck, writeData, writePlan } from "../../../src/mdalp/mod.ts";
import { framesOf, pcapng } from "./capture-fixture.ts";
import { readCapture } from "./capture-file.ts";
import { readTraffic } from "./datagrams.ts";
import type { Datagram, Endpoint } from "./datagrams.ts";
import {
  CLIENT,
  datagramsOf,
  ORCHESTRATOR,
  payloadOf,
  pings,
  RECEIVERS,
  TID,
  transactionOf,
  transfer,
} from "./exchange-fixture.ts";
import { findTransactions } from "./transactions.ts";

const RECEIVER: Endpoint = { address: RECEIVERS[0], port: 4650 };

function sent(timeS: number, source: Endpoint, destination: Endpoint, text: string): Datagram {
  return { timeS, source, destination, payload: Buffer.from(text), cut: false };
}

test("finds a transfer in a file, from the first byte to the last", () => {
  const file = pcapng(framesOf(datagramsOf(transfer([2, 3, 3], [0.3, 0.2, 0.2]))));
  const { transactions, others } = findTransactions(readTraffic(readCapture(file).frames));
  assert.is(others, 0);
  assert.is(transactions.length, 1);
  const [one] = transactions;
  assert.is(one?.client, "10.0.0.1:50000");
  assert.is(one?.tid, TID);
  assert.is(one?.intents, 1);
  assert.is(Math.round((one?.plan?.atS ?? 0) - (one?.intentS ?? 0)), 5);
  assert.equal(one?.plan?.receivers.map(({ address }) => address), [...RECEIVERS]);
  const packets = one?.packets.toSorted((a, b) => a.seq - b.seq) ?? [];
  assert.equal(packets.map(({ receiver }) => RECEIVERS.findIndex((own) => own === receiver)), [
    0,
    0,
    1,
    1,
    1,
    2,
    2,
    2,
  ]);
  assert.ok(Buffer.concat(packets.map(({ payload }) => payload)).equals(payloadOf(800)));
  assert.ok(packets.every(({ sentS, ackedS }) => sentS.length === 1 && ackedS.length === 1));
});

test("counts datagrams that are no message, and judges nothing by them", () => {
  const noise = ["hello", "Type:9;", "Type:1;TID:1;DATA:[__import__('os')];", "Type:3;TID:1;SEQ:0"];
  const datagrams = noise.map((text, i) => sent(i, CLIENT, RECEIVER, text));
  assert.equal(findTransactions({ datagrams, echoes: [] }), { transactions: [], others: 4 });
});

test("keeps copies, altered copies, repeated and stray acks apart", () => {
  const data = (at: number, seq: number, text: string) =>
    sent(at, CLIENT, RECEIVER, String(writeData(TID, seq, Buffer.from(text))));
  const ack = (at: number, seq: number) => sent(at, RECEIVER, CLIENT, String(writeAck(TID, seq)));
  const datagrams = [
    data(1, 0, "same"),
    data(4, 0, "same"),
    ack(5, 0),
    ack(6, 0),
    data(7, 1, "first"),
    data(8, 1, "other"),
    ack(9, 7),
  ];
  const [one] = findTransactions({ datagrams, echoes: [] }).transactions;
  assert.equal(one?.packets.map(({ sentS, ackedS, altered }) => [sentS, ackedS, altered]), [
    [[1, 4], [5, 6], 0],
    [[7, 8], [], 1],
  ]);
  assert.is(one?.strayAcks, 1);
  assert.is(one?.plan, undefined);
});

test("takes an ack from another address for no ack", () => {
  const stranger = { address: RECEIVERS[1], port: 4650 };
  const datagrams = [
    sent(1, CLIENT, RECEIVER, String(writeData(TID, 0, Buffer.from("x")))),
    sent(2, stranger, CLIENT, String(writeAck(TID, 0))),
  ];
  const [one] = findTransactions({ datagrams, echoes: [] }).transactions;
  assert.equal(one?.packets[0]?.ackedS, []);
  assert.is(one?.strayAcks, 1);
});

test("joins what a client sends from a socket for each receiver", () => {
  const datagrams = datagramsOf(transfer([1, 1, 1], [1, 1, 1])).map((datagram) => {
    const port = 50001 + RECEIVERS.findIndex((one) => one === datagram.destination.address);
    return datagram.payload.toString("latin1", 0, 6) === "Type:2"
      ? { ...datagram, source: { ...CLIENT, port } }
      : datagram;
  });
  const { transactions } = findTransactions({ datagrams, echoes: [] });
  assert.is(transactions.length, 1);
  assert.is(transactions[0]?.packets.length, 3);
  assert.is(transactions[0]?.client, "10.0.0.1:50000");
});

test("tells two transactions of one socket apart, each with its own intent", () => {
  const plan = (tid: number) => String(writePlan(tid, [{ address: RECEIVERS[0], name: "a" }]));
  const datagrams = [
    sent(1, CLIENT, ORCHESTRATOR, "Type:0;"),
    sent(3, CLIENT, ORCHESTRATOR, "Type:0;"),
    sent(5, ORCHESTRATOR, CLIENT, plan(1)),
    sent(6, ORCHESTRATOR, CLIENT, plan(1)),
    sent(50, CLIENT, ORCHESTRATOR, "Type:0;"),
    sent(57, ORCHESTRATOR, CLIENT, plan(2)),
  ];
  const { transactions } = findTransactions({ datagrams, echoes: [] });
  const figures = transactions.map(({ tid, intents, intentS, plan }) => {
    return [tid, intents, intentS, plan?.atS];
  });
  assert.equal(figures, [[1, 2, 1, 5], [2, 1, 50, 57]]);
});

test("keeps data packets that are too large or empty, for the rules to judge", () => {
  const datagrams = [101, 0].map((length, seq) =>
    sent(seq, CLIENT, RECEIVER, `Type:2;TID:1;SEQ:${seq};DATA:${"x".repeat(length)}`)
  );
  const { transactions, others } = findTransactions({ datagrams, echoes: [] });
  assert.equal(transactions[0]?.packets.map(({ payload }) => payload.length), [101, 0]);
  assert.is(others, 0);
});

test("leaves absurd sequence numbers out", () => {
  const texts = ["Type:2;TID:1;SEQ:9999999999;DATA:x", "Type:2;TID:1;SEQ:-1;DATA:x"];
  const datagrams = texts.map((text) => sent(1, CLIENT, RECEIVER, text));
  assert.equal(findTransactions({ datagrams, echoes: [] }), { transactions: [], others: 2 });
});

test("counts packets of which the capture kept a part", () => {
  const datagrams = datagramsOf(transfer([1, 1, 1], [1, 1, 1]));
  const cut = datagrams.map((datagram) => {
    const { payload } = datagram;
    return payload.length > 100 && payload.toString("latin1", 0, 6) === "Type:2"
      ? { ...datagram, payload: payload.subarray(0, 60), cut: true }
      : datagram;
  });
  assert.is(findTransactions({ datagrams: cut, echoes: [] }).transactions[0]?.cut, 3);
});

test("takes the mean of the pings to an address", () => {
  const echoes = [...pings([100, 50]), ...pings([300])];
  const { pingsMs } = transactionOf(transfer([1, 1, 1], [1, 1, 1]), echoes);
  assert.equal([...pingsMs], [[RECEIVERS[0], 200], [RECEIVERS[1], 50]]);
});

test.run();
