import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  CLIENT,
  datagramsOf,
  judged,
  ORCHESTRATOR,
  payloadOf,
  pings,
  spoiled,
  transactionOf,
  transfer,
} from "./exchange-fixture.ts";
import { exchangeText, judgementText, timeSequence } from "./trace-text.ts";

const GOOD = transfer([10, 20, 20], [0.3, 0.15, 0.15]);

test("says the result, the figures and each rule", () => {
  const echoes = pings([150, 75, 75]);
  const lines = judgementText(judged(GOOD, { payload: payloadOf(5000), echoes })).split("\n");
  assert.equal(lines.slice(0, 7), [
    "transaction 3740 of 10.0.0.1:50000: Transaction completed!",
    "  5000 bytes, 0 timeouts, 3.000 s from the first packet to the last ack",
    "  the plan came 5.0 s after the intent",
    "  the pings would allow 1.500 s (N/S); it took 2.00 times as long",
    "  10.0.1.1          10 packets, 1000 bytes, 0 timeouts, acks after 300 ms, ping 150 ms",
    "  10.0.1.2          20 packets, 2000 bytes, 0 timeouts, acks after 150 ms, ping 75 ms",
    "  10.0.1.3          20 packets, 2000 bytes, 0 timeouts, acks after 150 ms, ping 75 ms",
  ]);
  assert.is(lines.length, 7 + 10);
  assert.is(lines.at(-3), "  pass    mdalp.client.shares (MUST): shares 20 %, 40 %, 40 %");
});

test("leaves out what the capture does not show", () => {
  const late = judgementText(judged(GOOD.filter(({ kind }) => kind === "data")));
  assert.not.match(late, "the plan came");
  assert.not.match(late, "the pings");
  assert.match(late, "10 packets, 1000 bytes, 0 timeouts, no acks\n");
});

test("lists datagrams with times from the first, and no control characters", () => {
  const payload = Buffer.from(`\x1b[31m\n${"x".repeat(70)}`);
  const noise = { timeS: 1000.5, source: CLIENT, destination: ORCHESTRATOR, payload, cut: false };
  const [first] = datagramsOf(GOOD);
  assert.equal(exchangeText({ datagrams: [first!, noise], echoes: [] }).split("\n"), [
    "    0.000 s  10.0.0.1:50000 > 10.0.0.2:4650  Type:0;",
    `    0.500 s  10.0.0.1:50000 > 10.0.0.2:4650  .[31m.${"x".repeat(54)}... 76 bytes`,
  ]);
  assert.is(exchangeText({ datagrams: [], echoes: [] }), "");
});

test("draws packets, retransmissions and acks over time", () => {
  const events = transfer([1, 2, 0], [8, 5, 1]);
  // The only packet of the first receiver goes out again at 4 s.
  const again = spoiled(
    events,
    (event) =>
      event.kind === "data" && event.seq === 0 ? [event, { ...event, atS: 1009 }] : [event],
  );
  // 9 columns for the names and 2 more leave 20: half a second each.
  assert.equal(timeSequence(transactionOf(again), 31).split("\n"), [
    "10.0.1.1  |       R       .",
    "10.0.1.2  |         |        .",
    "          0 s           10.0 s",
    "          | sent   R sent again   . acknowledged",
  ]);
});

test("shows a retransmission where a packet and an ack fall on the same place", () => {
  const events = transfer([50, 0, 0], [0.3, 1, 1]);
  const again = spoiled(
    events,
    (event) =>
      event.kind === "data" && event.seq === 20 ? [event, { ...event, atS: event.atS + 0.01 }] : [
        event,
      ],
  );
  const [plain, spoilt] = [events, again].map((one) => timeSequence(transactionOf(one), 31));
  assert.not.match(plain!.split("\n")[0]!, "R");
  assert.is(spoilt!.split("\n")[0]!.split("R").length - 1, 1);
});

test("keeps to the width, down to a picture of 20 columns", () => {
  for (const columns of [80, 100, 200]) {
    const lines = timeSequence(transactionOf(GOOD), columns).split("\n");
    assert.ok(lines.every((line) => line.length <= columns), lines.join("\n"));
  }
  assert.match(timeSequence(transactionOf(GOOD), 0), /^10\.0\.1\.1 .{20,}$/m);
});

test("draws a transfer of a moment, and none", () => {
  const one = transactionOf(GOOD.filter((event) => event.kind === "data" && event.seq === 0));
  assert.is(timeSequence(one, 80).split("\n")[0], "10.0.1.1  |");
  assert.is(timeSequence(transactionOf(transfer([0, 0, 0], [1, 1, 1])), 80), "no packet was sent");
});

test("shows what a file says of a packet, without its control characters", () => {
  const source = { address: "10.0.0.1", port: 50000 };
  const destination = { address: "10.0.0.2", port: 4650 };
  const payload = Buffer.from("Type:0;");
  const one = { timeS: 1, source, destination, payload, cut: false, comment: "lost\x1b[31m" };
  assert.is(
    exchangeText({ datagrams: [one], echoes: [] }),
    "    0.000 s  10.0.0.1:50000 > 10.0.0.2:4650  Type:0;  [lost.[31m]",
  );
});

test.run();
