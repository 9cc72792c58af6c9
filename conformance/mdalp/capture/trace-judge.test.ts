import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  judged,
  payloadOf,
  pings,
  RECEIVERS,
  spoiled,
  TID,
  transactionOf,
  transfer,
} from "./exchange-fixture.ts";
import type { Event } from "./exchange-fixture.ts";
import { judgeTransaction } from "./trace-judge.ts";
import type { Judgement } from "./trace-judge.ts";
import { timeSequence } from "./trace-text.ts";

const GOOD = transfer([10, 20, 20], [0.3, 0.15, 0.15]);
const PAYLOAD = payloadOf(5000);
const PINGS = pings([300, 150, 150]);

/** The findings other than passes, as `rule verdict`, and what is said of the rule. */
function odd({ findings }: Judgement): string[] {
  return findings.filter(({ verdict }) => verdict !== "pass")
    .map(({ rule, verdict }) => `${rule.replace("mdalp.client.", "")} ${verdict}`);
}

function said({ findings }: Judgement, rule: string): string {
  return findings.find((finding) => finding.rule === `mdalp.client.${rule}`)?.message ?? "";
}

/** Packet 5 again so many seconds after the first copy, its first ack lost. */
function sentAgain(afterS: number, alter = (payload: Uint8Array) => payload): Event[] {
  return spoiled(GOOD, (event) => {
    if (event.kind === "intent" || event.kind === "plan") return [event];
    // Whatever follows on this receiver waits.
    const waits = event.to === RECEIVERS[0] && (event.seq > 5 || event.kind === "ack");
    if (event.seq > 5 && waits) return [{ ...event, atS: event.atS + afterS }];
    if (event.seq !== 5) return [event];
    if (event.kind === "ack") return [{ ...event, atS: event.atS + afterS }];
    return [event, { ...event, atS: event.atS + afterS, payload: alter(event.payload) }];
  });
}

test("passes a right transfer in every rule", () => {
  const good = judged(sentAgain(3), { payload: PAYLOAD, echoes: PINGS });
  assert.equal(odd(good), []);
  assert.is(good.findings.length, 10);
  assert.is(good.result, "Transaction completed!");
  assert.is(good.tid, TID);
  assert.is(good.timeouts, 1);
  assert.is(good.bytes, 5000);
  assert.equal(good.receivers.map(({ packets }) => packets), [10, 20, 20]);
  assert.equal(good.receivers.map(({ timeouts }) => timeouts), [1, 0, 0]);
  assert.is(said(good, "retransmits"), "1 sent again, after 3.00 to 3.00 s");
});

test("gives makespan, bound, waiting time and the times of acks and pings", () => {
  const good = judged(GOOD, { echoes: PINGS });
  assert.is(good.makespanS.toFixed(6), "3.000000");
  // 50 / (1/0.3 + 2/0.15).
  assert.is(good.boundS?.toFixed(6), "3.000000");
  assert.is(good.planS, 5);
  assert.equal(good.receivers.map(({ ackMs }) => Math.round(ackMs ?? 0)), [300, 150, 150]);
  assert.equal(good.receivers.map(({ pingMs }) => pingMs), [300, 150, 150]);
});

test("gives no bound where a ping is missing or took no time", () => {
  assert.is(judged(GOOD).boundS, undefined);
  assert.is(judged(GOOD, { echoes: PINGS.slice(1) }).boundS, undefined);
  assert.is(judged(GOOD, { echoes: pings([300, 0, 150]) }).boundS, undefined);
});

test("counts the time to an ack from the copy before it", () => {
  const [first] = judged(sentAgain(3)).receivers;
  assert.is(Math.round(first?.ackMs ?? 0), 300);
});

interface Case {
  readonly title: string;
  readonly events: readonly Event[];
  readonly odd: readonly string[];
  readonly says?: readonly [rule: string, message: string | RegExp];
  readonly result?: RegExp;
  readonly echoes?: typeof PINGS;
  readonly payload?: Uint8Array | "none";
}

/** Every rule broken once, with what else that must show; without copies, `retransmits` is unknown. */
const COPY = "retransmits unknown";
const COMPLETED = /^Transaction completed!$/;
const INCOMPLETE = /^Transaction failed! Incomplete data!$/;
const VIOLATION = /^Transaction failed! Complete data but load balancing violation!$/;
const BOTH = /^Transaction failed! Load balancing violation and incomplete data!$/;

const data = (change: (event: Event & { kind: "data" }) => readonly Event[]) =>
  spoiled(GOOD, (event) => event.kind === "data" ? change(event) : [event]);

const without = (...seqs: number[]) =>
  spoiled(GOOD, (event) => "seq" in event && seqs.includes(event.seq) ? [] : [event]);

const swapped = (first: string, second: string) =>
  spoiled(GOOD, (event) => {
    if (!("to" in event)) return [event];
    const to = event.to === first ? second : event.to === second ? first : event.to;
    return [{ ...event, to }];
  });

const CASES: readonly Case[] = [
  {
    title: "a packet before the ack of the one before it",
    events: data((event) => [event.seq === 15 ? { ...event, atS: event.atS - 0.1 } : event]),
    odd: ["stop-and-wait fail", COPY],
    says: ["stop-and-wait", "SEQ 15 went to 10.0.1.2 before the ack of SEQ 14"],
    result: COMPLETED,
  },
  {
    title: "a copy with other bytes",
    events: sentAgain(3, () => Buffer.alloc(100, "x")),
    odd: ["retransmits fail"],
    says: ["retransmits", "sent again with other bytes: SEQ 5"],
    result: COMPLETED,
  },
  {
    title: "a copy after 12 s",
    events: sentAgain(12),
    odd: ["retransmits fail"],
    says: ["retransmits", /for up to 12\.00 s, more than 10 s: SEQ 5$/],
    result: COMPLETED,
  },
  {
    title: "an ack that is waited for 12 s without a copy",
    events: spoiled(
      sentAgain(12),
      (event) => event.kind === "data" && event.seq === 5 && event.atS > 1010 ? [] : [event],
    ),
    odd: ["retransmits fail"],
    says: ["retransmits", /for up to 12\.30 s/],
    result: COMPLETED,
  },
  {
    title: "a needless copy long after the ack",
    events: data((event) => event.seq === 5 ? [event, { ...event, atS: 1100 }] : [event]),
    odd: [],
    result: COMPLETED,
  },
  {
    title: "a gap in SEQ",
    events: without(30),
    odd: [COPY, "sequence fail", "reassembles fail", "inverse-latency unknown"],
    says: ["sequence", "SEQ 31 stands where 30 belongs"],
    result: INCOMPLETE,
  },
  {
    title: "a gap in SEQ where no payload is given",
    events: without(30),
    payload: "none",
    odd: [COPY, "sequence fail", "reassembles unknown", "inverse-latency unknown"],
    says: ["inverse-latency", "49 packets, fewer than 50"],
    result: INCOMPLETE,
  },
  {
    title: "the same SEQ to two receivers",
    events: data((event) => event.seq === 15 ? [event, { ...event, to: RECEIVERS[2] }] : [event]),
    odd: ["stop-and-wait fail", COPY, "sequence fail", "reassembles fail"],
    says: ["sequence", "SEQ 15 stands where 16 belongs"],
    result: INCOMPLETE,
  },
  {
    title: "ranges out of plan order",
    events: swapped(RECEIVERS[1], RECEIVERS[2]),
    odd: [COPY, "sequence fail"],
    says: ["sequence", "the receivers' ranges do not follow the plan's order"],
    result: COMPLETED,
  },
  {
    title: "packets dealt out in turn",
    events: spoiled(GOOD, (event) => {
      if (!("to" in event) || event.seq < 10) return [event];
      const to = RECEIVERS[1 + event.seq % 2] as string;
      return [{ ...event, to, atS: 2000 + event.seq + (event.kind === "ack" ? 0.5 : 0) }];
    }),
    odd: [COPY, "sequence fail", "parallel fail"],
    says: ["sequence", "a receiver's range has holes"],
  },
  {
    title: "a receiver that is not in the plan",
    events: spoiled(
      GOOD,
      (event) =>
        "to" in event && event.to === RECEIVERS[2] ? [{ ...event, to: "10.9.9.9" }] : [event],
    ),
    odd: [COPY, "sequence fail", "shares fail", "inverse-latency unknown"],
    says: ["sequence", "SEQ 30 went to 10.9.9.9, not in the plan"],
    result: VIOLATION,
  },
  {
    title: "a packet that is not full",
    events: data((event) => [
      event.seq === 3 ? { ...event, payload: event.payload.subarray(0, 60) } : event,
    ]),
    payload: Buffer.concat([PAYLOAD.subarray(0, 360), PAYLOAD.subarray(400)]),
    odd: ["full-packets fail", COPY],
    says: ["full-packets", "not full: SEQ 3"],
    result: COMPLETED,
  },
  {
    title: "a receiver's last packet that is not full",
    events: data((event) => [
      event.seq === 9 ? { ...event, payload: event.payload.subarray(0, 60) } : event,
    ]),
    payload: Buffer.concat([PAYLOAD.subarray(0, 960), PAYLOAD.subarray(1000)]),
    odd: [COPY],
    result: COMPLETED,
  },
  {
    title: "a packet of 101 bytes",
    events: data((event) => [
      event.seq === 9 ? { ...event, payload: Buffer.alloc(101) } : event,
    ]),
    payload: Buffer.concat([PAYLOAD.subarray(0, 900), Buffer.alloc(101), PAYLOAD.subarray(1000)]),
    odd: ["payload-limit fail", COPY],
    says: ["payload-limit", "101 payload bytes in a packet, not 1 to 100"],
  },
  {
    title: "everything to one receiver",
    events: transfer([0, 50, 0], [1, 0.2, 1]),
    odd: [COPY, "shares fail", "inverse-latency fail", "parallel unknown"],
    says: ["shares", "shares 0 %, 100 %, 0 %: under 10 % for 10.0.1.1, 10.0.1.3"],
    result: VIOLATION,
  },
  {
    title: "four packets in fifty to one receiver",
    events: transfer([4, 23, 23], [0.3, 0.15, 0.15]),
    odd: [COPY, "shares fail", "inverse-latency fail"],
    says: ["shares", "shares 8 %, 46 %, 46 %: under 10 % for 10.0.1.1"],
    result: VIOLATION,
  },
  {
    title: "five packets in fifty to one receiver",
    events: transfer([5, 22, 23], [0.3, 0.15, 0.15]),
    odd: [COPY, "inverse-latency fail"],
    says: ["inverse-latency", "5, 22, 23 packets; the pings' inverses give 10, 20, 20"],
    result: COMPLETED,
  },
  {
    title: "more for the slower receiver",
    events: transfer([20, 10, 20], [0.3, 0.15, 0.15]),
    odd: [COPY, "shares fail", "inverse-latency fail"],
    says: ["shares", "shares 40 %, 20 %, 40 %: 10.0.1.1 is slower than 10.0.1.2 and got more"],
    result: VIOLATION,
  },
  {
    title: "more for a receiver that is slower by a third only",
    events: transfer([20, 10, 20], [0.3, 0.15, 0.15]),
    echoes: pings([200, 150, 150]),
    odd: [COPY, "inverse-latency fail"],
    result: COMPLETED,
  },
  {
    title: "more for the slower receiver where no ping was captured",
    events: transfer([20, 10, 20], [0.3, 0.15, 0.15]),
    echoes: [],
    odd: [COPY, "inverse-latency unknown"],
    result: COMPLETED,
  },
  {
    title: "two packets for three receivers",
    events: transfer([0, 1, 1], [0.3, 0.15, 0.15]),
    payload: payloadOf(200),
    odd: [COPY, "shares unknown", "inverse-latency unknown"],
    result: COMPLETED,
  },
  {
    title: "one receiver after the other",
    events: spoiled(GOOD, (event) => {
      if (!("to" in event)) return [event];
      const before = RECEIVERS.findIndex((one) => one === event.to);
      return [{ ...event, atS: event.atS + 3 * before }];
    }),
    odd: [COPY, "parallel fail"],
    says: ["parallel", "9.000 s, 3.00 times the slowest receiver's own 3.000 s"],
    result: COMPLETED,
  },
  {
    title: "receivers that have their packets in turns",
    events: spoiled(transfer([25, 25, 0], [0.1, 0.1, 0.1]), (event) => {
      if (!("to" in event)) return [event];
      // SEQ 0, 25, 1, 26 and so on, each acknowledged before the next.
      const turn = 2 * (event.seq % 25) + (event.seq < 25 ? 0 : 1);
      return [{ ...event, atS: 1005 + turn * 0.2 + (event.kind === "ack" ? 0.1 : 0) }];
    }),
    odd: [COPY, "shares fail", "inverse-latency fail", "parallel fail"],
    says: ["parallel", "never were packets to two receivers on their way at once"],
    result: VIOLATION,
  },
  {
    title: "receivers that begin one second apart",
    events: spoiled(GOOD, (event) => {
      if (!("to" in event) || event.to !== RECEIVERS[2]) return [event];
      return [{ ...event, atS: event.atS + 1 }];
    }),
    odd: [COPY],
    says: ["parallel", "4.000 s, 1.33 times the slowest receiver's own 3.000 s"],
    result: COMPLETED,
  },
  {
    title: "shares a packet off the ratio",
    events: transfer([11, 19, 20], [0.3, 0.15, 0.15]),
    odd: [COPY],
    result: COMPLETED,
  },
  {
    title: "a lost packet",
    events: spoiled(GOOD, (event) => event.kind === "ack" && event.seq === 49 ? [] : [event]),
    odd: [COPY, "reassembles fail"],
    says: ["reassembles", "never acknowledged: SEQ 49"],
    result: INCOMPLETE,
  },
  {
    title: "a lost packet that is never sent again, though there is time",
    events: spoiled(
      transfer([10, 20, 20], [3, 0.15, 0.15]),
      (event) => event.kind === "ack" && event.seq === 49 ? [] : [event],
    ),
    odd: ["retransmits fail", "reassembles fail"],
    says: ["retransmits", /for up to 27\.15 s, more than 10 s: SEQ 49$/],
    result: INCOMPLETE,
  },
  {
    title: "a lost packet and everything to one receiver",
    events: spoiled(
      transfer([0, 50, 0], [1, 0.2, 1]),
      (event) => event.kind === "ack" && event.seq === 49 ? [] : [event],
    ),
    odd: [COPY, "reassembles fail", "shares fail", "inverse-latency fail", "parallel unknown"],
    result: BOTH,
  },
  {
    title: "another payload",
    events: GOOD,
    payload: payloadOf(5001).subarray(1),
    odd: [COPY, "reassembles fail"],
    says: ["reassembles", "5000 bytes, not those of the payload; the first other byte is at 0"],
    result: INCOMPLETE,
  },
  {
    title: "a payload that is longer",
    events: GOOD,
    payload: payloadOf(6000),
    odd: [COPY, "reassembles fail"],
    says: ["reassembles", "5000 bytes, not the payload's 6000"],
    result: INCOMPLETE,
  },
  {
    title: "no payload to compare with",
    events: GOOD,
    payload: "none",
    odd: [COPY, "reassembles unknown"],
    says: ["reassembles", /^5000 bytes acknowledged; give the file with --payload/],
    result: COMPLETED,
  },
  {
    title: "a capture that begins after the intent",
    events: GOOD.filter(({ kind }) => kind !== "intent"),
    odd: ["intent unknown", COPY],
    result: COMPLETED,
  },
  {
    title: "a capture that begins after the plan",
    events: GOOD.filter(({ kind }) => kind !== "intent" && kind !== "plan"),
    odd: ["intent unknown", COPY],
    says: ["sequence", "SEQ 0 to 49; the capture holds no plan to compare the order with"],
    result: COMPLETED,
  },
  {
    title: "a capture that begins in the middle",
    events: GOOD.filter((event) => "seq" in event && event.atS > 1006),
    odd: [
      "intent unknown",
      COPY,
      "sequence unknown",
      "reassembles unknown",
      "inverse-latency unknown",
    ],
  },
  {
    title: "a plan and no packet",
    events: transfer([0, 0, 0], [1, 1, 1]),
    odd: [
      "payload-limit unknown",
      "full-packets unknown",
      "stop-and-wait unknown",
      COPY,
      "sequence unknown",
      "reassembles fail",
      "shares unknown",
      "inverse-latency unknown",
      "parallel unknown",
    ],
    result: INCOMPLETE,
  },
  {
    title: "a capture of one direction only",
    events: GOOD.filter(({ kind }) => kind === "ack"),
    odd: [
      "intent unknown",
      "payload-limit unknown",
      "full-packets unknown",
      "stop-and-wait unknown",
      COPY,
      "sequence unknown",
      "reassembles unknown",
      "shares unknown",
      "inverse-latency unknown",
      "parallel unknown",
    ],
  },
];

for (const { title, events, says, result, echoes = PINGS, payload = PAYLOAD, ...one } of CASES) {
  test(`judges ${title}`, () => {
    const judgement = judged(events, {
      echoes,
      ...(payload === "none" ? {} : { payload }),
    });
    assert.equal(odd(judgement), one.odd, JSON.stringify(judgement.findings, null, 1));
    if (says && typeof says[1] === "string") assert.is(said(judgement, says[0]), says[1]);
    else if (says) assert.match(said(judgement, says[0]), says[1]);
    if (result) assert.match(judgement.result, result);
  });
}

test("holds nothing against a client whose packets the capture cut short", () => {
  const whole = transactionOf(GOOD, PINGS);
  const cut = {
    ...whole,
    cut: 50,
    packets: whole.packets.map((packet) => ({
      ...packet,
      payload: packet.payload.subarray(0, 20),
    })),
  };
  const judgement = judgeTransaction(cut, PAYLOAD);
  assert.is(judgement.result, "Transaction completed!");
  assert.equal(odd(judgement), [
    "payload-limit unknown",
    "full-packets unknown",
    COPY,
    "reassembles unknown",
  ]);
});

test("judges a transfer of 200,000 packets", () => {
  const packets = Array.from({ length: 200_000 }, (_, seq) => {
    const payload = Buffer.alloc(100, seq);
    const receiver = RECEIVERS[Math.floor(seq / 70_000)] as string;
    return { seq, receiver, payload, sentS: [seq], ackedS: [seq + 0.5], altered: 0 };
  });
  const judgement = judgeTransaction({ ...transactionOf(GOOD), packets });
  assert.is(judgement.makespanS, 199_999.5);
  assert.equal(odd(judgement), [
    COPY,
    "reassembles unknown",
    "inverse-latency unknown",
    "parallel fail",
  ]);
});

test("judges packets to 50,000 receivers in one pass over them", () => {
  const [first] = transactionOf(transfer([1, 0, 0], [1, 1, 1])).packets;
  const address = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
  const packets = Array.from({ length: 50_000 }, (_, seq) => {
    return { ...first!, seq, receiver: address(seq), sentS: [seq], ackedS: [seq + 0.5] };
  });
  const pingsMs = new Map(packets.map(({ receiver }, i) => [receiver, i + 1]));
  const one = { ...transactionOf(GOOD), plan: undefined, packets, pingsMs };
  const { receivers, findings } = judgeTransaction(one);
  assert.is(receivers.length, 50_000);
  assert.is(findings.length, 10);
  assert.match(timeSequence(one, 80), /^10\.0\.0\.0 /);
});

test.run();
