/** The judges of a client's packets, shares and end, on records made by hand: each can say yes and no. */
import { Buffer } from "node:buffer";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { crash } from "./client-ends.ts";
import {
  busyTimes,
  notFull,
  notTheFile,
  outOfBounds,
  outOfSequence,
  overlaps,
  overtaking,
} from "./packet-judges.ts";
import { idealShares, sharesProblem } from "./client-shares.ts";
import { bytesOfEach } from "./transfer.ts";
import type { SeenData, SeenReceiver } from "./transfer.ts";

const test = suite("client judges");

interface Packet {
  readonly seq: number;
  readonly payload?: string;
  readonly atMs?: number;
  /** Undefined: it got no ack. */
  readonly ackMs?: number | undefined;
}

const FULL = "x".repeat(100);

/** Receivers in plan order; each packet acknowledged a millisecond after it came, ten apart. */
function seen(...rows: readonly (readonly Packet[])[]): { receivers: SeenReceiver[] } {
  const receivers = rows.map((row, i): SeenReceiver => {
    const packets: SeenData[] = [];
    const ackedMs = new Map<number, number>();
    for (const [n, one] of row.entries()) {
      const { seq, payload = FULL, atMs = 10 * n } = one;
      const ack = Object.hasOwn(one, "ackMs") ? one.ackMs : atMs + 1;
      const copy = packets.filter((other) => other.seq === seq).length;
      packets.push({ seq, payload: Buffer.from(payload), atMs, copy, lost: false });
      if (ack !== undefined && !ackedMs.has(seq)) ackedMs.set(seq, ack);
    }
    return { letter: "abcdefghij"[i] as string, packets, ackedMs, others: [] };
  });
  return { receivers };
}

/** Full packets in a range, the first and the one after the last. */
const range = (from: number, to: number): Packet[] =>
  Array.from({ length: to - from }, (_, i) => ({ seq: from + i }));

test("stop-and-wait: each packet after the ack of the one before is right", () => {
  assert.is(overtaking(seen(range(0, 5), range(5, 9))), undefined);
  assert.is(overtaking(seen([], range(0, 2))), undefined);
});

test("stop-and-wait: copies of the packet in flight are right", () => {
  const copies = [{ seq: 0, atMs: 0, ackMs: 30 }, { seq: 0, atMs: 20 }, { seq: 1, atMs: 31 }];
  assert.is(overtaking(seen(copies)), undefined);
});

test("stop-and-wait: receivers do not wait for each other", () => {
  const slow = [{ seq: 0, atMs: 0, ackMs: 100 }];
  assert.is(overtaking(seen(slow, [{ seq: 1, atMs: 5 }, { seq: 2, atMs: 50 }])), undefined);
});

test("stop-and-wait: a packet before an ack, or without any, is found", () => {
  const early = seen(range(0, 1), [{ seq: 1, atMs: 0, ackMs: 9 }, { seq: 2, atMs: 8 }]);
  assert.is(
    overtaking(early)?.message,
    "SEQ 2 came to receiver b while SEQ 1 had no ack yet",
  );
  assert.ok(overtaking(seen([{ seq: 0, ackMs: undefined }, { seq: 1 }])));
});

test("payload-limit: 1 and 100 bytes are right, 0 and 101 are not", () => {
  assert.is(outOfBounds(seen([{ seq: 0 }, { seq: 1, payload: "x" }])), undefined);
  assert.is(
    outOfBounds(seen([{ seq: 0 }], [{ seq: 1, payload: "" }]))?.message,
    "SEQ 1 at receiver b has 0 payload bytes",
  );
  assert.match(outOfBounds(seen([{ seq: 0, payload: `${FULL}x` }]))?.message ?? "", "has 101 ");
});

test("full-packets: a receiver's last packet may be short, no other", () => {
  const short = { payload: "x" };
  assert.is(notFull(seen([{ seq: 0 }, { seq: 1, ...short }], [{ seq: 2, ...short }])), undefined);
  assert.is(notFull(seen([])), undefined);
  assert.is(
    notFull(seen(range(0, 2), [{ seq: 2, ...short }, { seq: 3 }]))?.message,
    "SEQ 2 at receiver b has 1 payload bytes and is not that receiver's last",
  );
});

test("full-packets: what came last need not be the last", () => {
  assert.is(notFull(seen([{ seq: 1, payload: "x" }, { seq: 0 }])), undefined);
});

test("sequence: ranges in plan order, whatever the order of arrival", () => {
  assert.is(outOfSequence(seen(range(0, 3), range(3, 9))), undefined);
  assert.is(outOfSequence(seen(range(0, 3), [], range(3, 4))), undefined);
  assert.is(outOfSequence(seen([{ seq: 1 }, { seq: 0 }, { seq: 1 }])), undefined);
});

const DISORDER: readonly (readonly [what: string, rows: readonly Packet[][], told: RegExp])[] = [
  ["a gap", [[{ seq: 0 }, { seq: 2 }]], /^receiver a got SEQ 0 and 2, and none between$/],
  ["a beginning at 1", [range(1, 3)], /^the range of receiver a begins at SEQ 1, not at 0$/],
  ["another plan order", [range(3, 6), range(0, 3)], /^the range of receiver a begins at SEQ 3/],
  ["a gap between receivers", [range(0, 3), range(4, 6)], /receiver b begins at SEQ 4, not at 3$/],
  ["a SEQ at two receivers", [range(0, 3), range(2, 6)], /receiver b begins at SEQ 2, not at 3$/],
  [
    "turns",
    [[{ seq: 0 }, { seq: 2 }], [{ seq: 1 }, { seq: 3 }]],
    /^receiver a got SEQ 0 and 2, and none between$/,
  ],
  [
    "another payload after the ack",
    [[{ seq: 0 }, { seq: 0, payload: "y" }]],
    /^SEQ 0 came to receiver a after its ack with another payload$/,
  ],
];

for (const [what, rows, told] of DISORDER) {
  test(`sequence: ${what} is found`, () => {
    assert.match(outOfSequence(seen(...rows))?.message ?? "", told);
  });
}

test("sequence: other bytes before the ack are another rule's matter", () => {
  const copies = [{ seq: 0, ackMs: 30 }, { seq: 0, payload: "y", atMs: 20 }];
  assert.is(outOfSequence(seen(copies)), undefined);
});

test("reassembles: the payloads in SEQ order are the file, or are not", () => {
  const judge = notTheFile(Buffer.from("abcdef"));
  const ab = { seq: 0, payload: "ab" };
  const cd = { seq: 1, payload: "cd" };
  const ef = { seq: 2, payload: "ef" };
  assert.is(judge(seen([cd, ab, ab], [ef])), undefined);
  assert.match(judge(seen([ab], [ef]))?.message ?? "", /a SEQ is missing$/);
  assert.match(judge(seen([ab, cd]))?.message ?? "", /differs at byte 4 \(4 bytes, not 6\)/);
  assert.match(judge(seen([ab, cd, { ...ef, payload: "eF" }]))?.message ?? "", /at byte 5/);
});

test("bytes of each receiver leave copies out", () => {
  assert.equal(bytesOfEach(seen([{ seq: 0 }, { seq: 0 }], [], [{ seq: 1, payload: "x" }])), [
    100,
    0,
    1,
  ]);
});

test("parallel: the makespan of receivers at once is that of the slowest", () => {
  assert.equal(busyTimes(seen(range(0, 3), [], range(3, 8))), {
    receivers: 2,
    makespanMs: 41,
    slowestMs: 41,
  });
  const later = range(3, 8).map((packet, i) => ({ ...packet, atMs: 100 + 10 * i }));
  assert.equal(busyTimes(seen(range(0, 3), later)), {
    receivers: 2,
    makespanMs: 141,
    slowestMs: 41,
  });
});

test("parallel: packets on their way at the same time are told from those in turn", () => {
  assert.is(overlaps(seen(range(0, 3), range(3, 6))), true);
  const inTurn = range(3, 6).map((packet, i) => ({ ...packet, atMs: 10 * i + 5 }));
  assert.is(overlaps(seen(range(0, 3), inTurn)), false);
  assert.is(overlaps(seen(range(0, 3))), false);
});

function near(actual: readonly number[], expected: readonly number[]) {
  assert.is(actual.length, expected.length);
  for (const [i, one] of actual.entries()) {
    assert.ok(Math.abs(one - expected[i]!) < 1e-9, `${actual} is not ${expected}`);
  }
}

test("ideal shares are by inverse latency, and those under a tenth are raised to it", () => {
  near(idealShares([20]), [1]);
  near(idealShares([100, 50]), [1 / 3, 2 / 3]);
  near(idealShares([20, 900, 40]), [0.6, 0.1, 0.3]);
  // Raising one may push another under the tenth.
  near(idealShares([1, 9, 900]), [0.8, 0.1, 0.1]);
  const published = idealShares([335, 163, 157]).map((share) => Math.round(share * 50));
  assert.equal(published, [10, 20, 21]);
});

test("shares: larger for the faster, none under a tenth, none everything", () => {
  assert.is(sharesProblem([1000, 4000], [80, 30]), undefined);
  assert.is(sharesProblem([1000, 2100, 1900], [335, 157, 163]), undefined);
  assert.is(sharesProblem([500, 4500], [80, 30]), undefined);
});

test("shares: two at the floor may be equal", () => {
  assert.is(sharesProblem([1000, 1000, 8000], [900, 450, 20]), undefined);
});

const UNFAIR: readonly (readonly [bytes: number[], latenciesMs: number[], told: RegExp])[] = [
  [[0, 5000], [80, 30], /^receiver b \(30 ms\) got everything$/],
  [[400, 4600], [80, 30], /^receiver a \(80 ms\) got 8\.0 % of the payload, under a tenth$/],
  [[3000, 2000], [80, 30], /^receiver b \(30 ms\) got 2000 bytes, and receiver a .* slower, 3000$/],
  [[2500, 2500], [80, 30], /^receiver b \(30 ms\) got 2500 bytes, and receiver a/],
  [[2000, 1500, 1500], [40, 160, 80], /^receiver c \(80 ms\) got 1500 bytes, and receiver b/],
];

for (const [bytes, latenciesMs, told] of UNFAIR) {
  test(`shares: ${bytes.join("/")} bytes for ${latenciesMs.join("/")} ms are no fair ones`, () => {
    assert.match(sharesProblem(bytes, latenciesMs) ?? "", told);
  });
}

const ended = (output: string, exitCode: number | null = 1) => ({
  endedInTime: true,
  exitCode,
  output,
});

const CRASHES = [
  'Traceback (most recent call last):\n  File "client.py", line 3, in <module>\n',
  "panic: runtime error: index out of range",
  "thread 'main' panicked at src/main.rs:2:5",
  "Uncaught TypeError: x is not a function",
  "Error: x\n    at Object.<anonymous> (/tmp/client.js:3:9)\n",
  'Exception in thread "main" java.lang.NullPointerException',
  "Segmentation fault (core dumped)",
];

for (const output of CRASHES) {
  test(`${JSON.stringify(output.slice(0, 40))} is a crash`, () => {
    assert.is(crash(ended(output)), "it printed the trace of a crash");
  });
}

test("a message is no crash, a signal is one, and what was killed late is judged by that", () => {
  assert.is(crash(ended("the file is empty; nothing to send")), undefined);
  assert.is(crash(ended("error: no plan at 10:30:12")), undefined);
  assert.is(crash(ended("", null)), "it was ended by a signal");
  assert.is(crash({ ...ended("", null), endedInTime: false }), undefined);
});

test.run();
