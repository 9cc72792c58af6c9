import { Buffer } from "node:buffer";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Transaction } from "./transaction.ts";
import { reportOf } from "./transaction-report.ts";
import { RESULTS } from "./verdict.ts";

const test = suite("transaction");
const A = { address: "127.0.0.2" };
const B = { address: "127.0.0.3" };
type Packet = readonly [receiver: typeof A, seq: number, bytes: number];

function after(receivers: readonly (typeof A)[], packets: readonly Packet[]) {
  const transaction = new Transaction(7, { host: "127.0.0.1", port: 5 }, receivers);
  transaction.planned(1000);
  for (const [i, [receiver, seq, bytes]] of packets.entries()) {
    transaction.took(receiver, { seq, bytes, copy: false }, 1010 + 10 * i);
    transaction.parts.push({ seq, payload: Buffer.alloc(bytes) });
  }
  return transaction;
}

/** What was taken by whom, and what may be said of the end. */
const ENDS: readonly [
  title: string,
  receivers: (typeof A)[],
  packets: Packet[],
  end: Transaction<typeof A>["end"],
][] = [
  ["nothing yet", [A], [], "open"],
  ["a gap", [A], [[A, 0, 100], [A, 2, 50]], "open"],
  ["the first is missing", [A], [[A, 1, 50]], "open"],
  ["a short last packet", [A], [[A, 0, 100], [A, 1, 50]], "certain"],
  ["a short last packet that overtook", [A, B], [[B, 2, 50], [A, 1, 100], [A, 0, 100]], "certain"],
  [
    "a short last packet of each",
    [A, B],
    [[A, 0, 100], [A, 1, 20], [B, 2, 100], [B, 3, 50]],
    "certain",
  ],
  ["text that is cut at characters", [A], [[A, 0, 98], [A, 1, 100], [A, 2, 99]], "likely"],
  ["so cut at another receiver", [A, B], [[A, 0, 98], [A, 1, 100], [B, 2, 99]], "likely"],
  ["all are full: it may go on", [A], [[A, 0, 100], [A, 1, 100]], "likely"],
  ["one packet, short or not, nobody knows", [A], [[A, 0, 50]], "likely"],
  ["a receiver whose turn may come", [A, B], [[A, 0, 100], [A, 1, 50]], "likely"],
];

for (const [title, receivers, packets, end] of ENDS) {
  test(`${title}: the end is ${end}`, () => assert.is(after(receivers, packets).end, end));
}

test("a hundred thousand packets are no burden", () => {
  const transaction = new Transaction(7, { host: "127.0.0.1", port: 5 }, [A]);
  for (let seq = 0; seq < 100_000; seq++) {
    transaction.took(A, { seq, bytes: 100, copy: false }, seq);
    if (seq < 99_999) assert.is(transaction.end, "likely");
  }
  assert.is(transaction.packets, 100_000);
});

test("knows the longest time between two new packets, and copies do not count", () => {
  const transaction = new Transaction(7, { host: "127.0.0.1", port: 5 }, [A, B]);
  transaction.planned(0);
  const take = (receiver: typeof A, seq: number, nowMs: number, copy = false) =>
    transaction.took(receiver, { seq, bytes: 100, copy }, nowMs);
  take(A, 0, 900);
  assert.is(transaction.longestGapMs, 0);
  take(B, 1, 1000);
  take(A, 0, 1200, true);
  take(A, 2, 1300);
  take(B, 3, 1310);
  assert.is(transaction.longestGapMs, 300);
});

test("reports shares, times and timeouts", () => {
  const transaction = after([A, B], [[A, 0, 100], [B, 1, 100], [B, 2, 100], [B, 3, 100]]);
  transaction.took(B, { seq: 2, bytes: 100, copy: true }, 9000);
  const { receivers, elapsedMs, result, sha256 } = reportOf(transaction, false);
  assert.is(result, RESULTS.completed);
  assert.is(sha256?.length, 64);
  assert.is(elapsedMs, 40);
  assert.equal(receivers, [
    { address: "127.0.0.2", packets: 1, bytes: 100, share: 0.25, timeouts: 0, elapsedMs: 10 },
    { address: "127.0.0.3", packets: 3, bytes: 300, share: 0.75, timeouts: 1, elapsedMs: 40 },
  ]);
});

test("one that was cut off is incomplete, even without a gap", () => {
  const { result, sha256 } = reportOf(after([A, B], [[A, 0, 100], [B, 1, 100]]), true);
  assert.is(result, RESULTS.incomplete);
  assert.is(sha256, null);
});

test("one without a packet is incomplete, with shares of 0", () => {
  const { result, receivers } = reportOf(after([A, B], []), false);
  assert.is(result, RESULTS.incomplete);
  assert.equal(receivers.map(({ share, elapsedMs }) => [share, elapsedMs]), [[0, 0], [0, 0]]);
});

test.run();
