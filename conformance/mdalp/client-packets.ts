/** Cases of the client that look at its data packets: what is in them, in which order, when. */
import { CaseBlocked, CaseUnsupported } from "../engine/verdict.ts";
import type { Case } from "../engine/case.ts";
import { differenceOf } from "../engine/golden/match.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { roleOf } from "../engine/run/implementation.ts";
import { assembled, binaryPayload, textPayload } from "./course.ts";
import { bytesOfEach, packetsBySeq, seenText, sentText, transferOf } from "./transfer.ts";
import type { TransferScript, TransferSeen } from "./transfer.ts";

/** Pings apart by a factor; acks in a tenth of that, which keeps the order and saves time. */
const THREE: Pick<TransferScript, "latenciesMs" | "ackMs"> = {
  latenciesMs: [90, 45, 30],
  ackMs: [9, 4, 3],
};

/** What a judgement needs of a transfer. */
type Seen = Pick<TransferSeen, "receivers">;

type Found = { readonly message: string; readonly expected: string } | undefined;

/** A transfer of which one thing is judged; nothing can be said where no packet came. */
async function judged(
  context: CaseContext,
  script: TransferScript,
  judge: (seen: TransferSeen) => Found,
): Promise<void> {
  const seen = await transferOf(context, script);
  if (seen.receivers.every(({ packets }) => packets.length === 0)) {
    throw context.failure("no data packet came", {
      sent: sentText(script),
      expected: "data packets at the receivers",
      actual: seenText(context, seen, seen.end),
    });
  }
  const found = judge(seen);
  if (!found) return;
  const cut = seen.end.endedInTime ? "" : "; the client was still running when time was up";
  throw context.failure(`${found.message}${cut}`, {
    sent: sentText(script),
    expected: found.expected,
    actual: seenText(context, seen, seen.end),
  });
}

/** Rule stop-and-wait: no new packet before the last new one was acknowledged. */
export function overtaking({ receivers }: Seen): Found {
  for (const { letter, packets, ackedMs } of receivers) {
    const fresh = packets.filter(({ copy }) => copy === 0);
    for (const [i, data] of fresh.entries()) {
      const before = fresh[i - 1];
      if (!before) continue;
      const acked = ackedMs.get(before.seq);
      if (acked !== undefined && acked <= data.atMs) continue;
      return {
        message: `SEQ ${data.seq} came to receiver ${letter} while SEQ ${before.seq} ` +
          "had no ack yet",
        expected: "at most one unacknowledged packet per receiver",
      };
    }
  }
  return undefined;
}

/** Rule payload-limit. */
export function outOfBounds({ receivers }: Seen): Found {
  for (const { letter, packets } of receivers) {
    const bad = packets.find(({ payload }) => payload.length < 1 || payload.length > 100);
    if (!bad) continue;
    return {
      message: `SEQ ${bad.seq} at receiver ${letter} has ${bad.payload.length} payload bytes`,
      expected: "1 to 100 payload bytes in each data packet",
    };
  }
  return undefined;
}

/** Rule full-packets. */
export function notFull({ receivers }: Seen): Found {
  for (const { letter, packets } of receivers) {
    const last = Math.max(...packets.map(({ seq }) => seq));
    const bad = packets.find(({ seq, payload }) => seq !== last && payload.length !== 100);
    if (!bad) continue;
    return {
      message: `SEQ ${bad.seq} at receiver ${letter} has ${bad.payload.length} payload bytes ` +
        "and is not that receiver's last",
      expected: "100 payload bytes in all but each receiver's last packet",
    };
  }
  return undefined;
}

/** Rule sequence. */
export function outOfSequence(seen: Seen): Found {
  const expected = "SEQ 0 to n-1 without a gap, each receiver a contiguous range, in plan order";
  const ranges = seen.receivers.flatMap(({ letter, packets }) => {
    const seqs = [...new Set(packets.map(({ seq }) => seq))].sort((x, y) => x - y);
    return seqs.length === 0 ? [] : [{ letter, seqs }];
  });
  for (const { letter, packets, ackedMs } of seen.receivers) {
    // Before its ack it would be a retransmission with other bytes: rule retransmits.
    const changed = packets.find(({ seq, payload, atMs }) =>
      (ackedMs.get(seq) ?? Infinity) < atMs &&
      packets.some((other) => other.seq === seq && !other.payload.equals(payload))
    );
    if (!changed) continue;
    return {
      message: `SEQ ${changed.seq} came to receiver ${letter} after its ack with another payload`,
      expected,
    };
  }
  let next = 0;
  for (const { letter, seqs } of ranges) {
    const first = seqs[0] as number;
    const gap = seqs.findIndex((seq, i) => seq !== first + i);
    if (gap >= 0) {
      return {
        message: `receiver ${letter} got SEQ ${seqs[gap - 1]} and ${seqs[gap]}, and none between`,
        expected,
      };
    }
    if (first !== next) {
      return {
        message: `the range of receiver ${letter} begins at SEQ ${first}, not at ${next}`,
        expected,
      };
    }
    next = first + seqs.length;
  }
  return undefined;
}

/** Rules reassembles and binary. */
export function notTheFile(payload: Uint8Array): (seen: Seen) => Found {
  return (seen) => {
    const came = assembled(packetsBySeq(seen));
    const reason = came === undefined ? "a SEQ is missing" : differenceOf(payload, came);
    return reason
      ? {
        message: `the packets in SEQ order are not the file: ${reason}`,
        expected: `the ${payload.length} bytes of the file`,
      }
      : undefined;
  };
}

interface Row {
  readonly id: string;
  readonly title: string;
  readonly script: (context: CaseContext) => TransferScript;
  readonly judge: (script: TransferScript) => (seen: TransferSeen) => Found;
  readonly needs?: readonly string[];
  readonly limitMs?: number;
}

/** Loses every seventh packet the first time it comes. */
const loses: TransferScript["answer"] = (_, { seq, copy }) =>
  seq % 7 === 3 && copy === 0 ? "lose" : "ack";

const always = (judge: (seen: TransferSeen) => Found) => () => judge;

/** No rule says how fast a client is: one that pauses for 0.2 s after each packet is right. */
const LARGE_BYTES = 50_000;
const LARGE_MS = 240_000;

const reassembling = (["ascii", "utf-8"] as const).flatMap((kind) =>
  [100, 101, 5000, 100_000].map((bytes): Row => ({
    id: `reassembles/${kind}-${bytes}`,
    title: `${bytes} bytes of ${kind === "ascii" ? "ASCII" : "UTF-8"} text arrive as they are`,
    script: () => ({
      latenciesMs: [30, 20],
      payload: textPayload(bytes, kind),
      ...(bytes > LARGE_BYTES ? { limitMs: LARGE_MS } : {}),
    }),
    judge: ({ payload }) => notTheFile(payload),
    needs: ["mdalp.client.sequence"],
    ...(bytes > LARGE_BYTES ? { limitMs: LARGE_MS + 30_000 } : {}),
  }))
);

/** A transfer that ended at a loss has no whole sequence, and that is the matter of another rule. */
const ofAll =
  (payload: Uint8Array, judge: (seen: TransferSeen) => Found) => (seen: TransferSeen) => {
    const came = bytesOfEach(seen).reduce((sum, bytes) => sum + bytes, 0);
    if (came >= payload.length) return judge(seen);
    throw new CaseBlocked(
      `the transfer was not completed: ${came} of ${payload.length} bytes came`,
    );
  };

const ROWS: readonly Row[] = [
  {
    id: "stop-and-wait/three-receivers",
    title: "Each receiver has one packet in flight at most",
    script: () => ({ ...THREE, payload: textPayload(6000) }),
    judge: always(overtaking),
  },
  {
    id: "stop-and-wait/after-a-loss",
    title: "A packet that is lost holds back those after it",
    // With acks that take a while, or a packet right behind another would come after its ack.
    script: () => ({
      latenciesMs: [30, 20],
      ackMs: [6, 4],
      payload: textPayload(2000),
      answer: loses,
    }),
    judge: always(overtaking),
  },
  {
    id: "payload-limit/5000",
    title: "No data packet is empty or longer than 100 bytes",
    script: () => ({ latenciesMs: [45, 30], payload: textPayload(5000) }),
    judge: always(outOfBounds),
  },
  {
    id: "payload-limit/utf-8",
    title: "The limit is one of bytes, not of characters",
    script: () => ({ latenciesMs: [45, 30], payload: textPayload(3000, "utf-8") }),
    judge: always(outOfBounds),
  },
  {
    id: "full-packets/5000",
    title: "All but each receiver's last packet are full",
    script: () => ({ latenciesMs: [45, 30, 20], payload: textPayload(5000) }),
    judge: always(notFull),
    needs: ["mdalp.client.payload-limit"],
  },
  {
    id: "sequence/three-receivers",
    title: "SEQ goes from 0 on, each receiver has a range of its own, in plan order",
    script: () => ({ ...THREE, payload: textPayload(5000) }),
    judge: always(outOfSequence),
  },
  {
    id: "sequence/with-losses",
    title: "Losses leave the sequence as it is",
    script: () => ({ latenciesMs: [45, 30, 20], payload: textPayload(2500), answer: loses }),
    judge: ({ payload }) => ofAll(payload, outOfSequence),
  },
  {
    id: "sequence/one-receiver",
    title: "With one receiver it has the whole sequence",
    script: () => ({ latenciesMs: [20], payload: textPayload(1950) }),
    judge: always(outOfSequence),
  },
  ...reassembling,
  {
    id: "reassembles/bad-network",
    title: "Losses, copies and late acks from a seed leave the file as it is",
    script: badNetwork,
    judge: ({ payload }) => notTheFile(payload),
    needs: [
      "mdalp.client.sequence",
      "mdalp.client.duplicate-ack",
      "mdalp.client.ack-checked",
      "mdalp.client.retransmits",
    ],
  },
  {
    id: "binary/every-byte",
    title: "Every byte value arrives as it is",
    script: () => ({ latenciesMs: [30, 20], payload: binaryPayload(5000) }),
    judge: ({ payload }) => notTheFile(payload),
    needs: ["mdalp.client.sequence", "mdalp.client.reassembles"],
  },
];

/** One packet or ack in twelve is lost, one ack in ten comes twice. */
function badNetwork(context: CaseContext): TransferScript {
  const random = context.random;
  return {
    latenciesMs: [30, 20, 10],
    ackMs: [6, 4, 2],
    payload: textPayload(4000),
    answer: (_, { copy }) => {
      const draw = random();
      // A packet that is lost for ever would be a dead receiver.
      if (draw < 1 / 12 && copy < 2) return draw < 1 / 24 ? "lose" : "lose-ack";
      return draw > 0.9 ? "ack-twice" : "ack";
    },
  };
}

/** Each of three receivers in turn is the one. */
async function oneReceiver(context: CaseContext, id: number): Promise<void> {
  const script: TransferScript = {
    latenciesMs: [45, 30, 20],
    payload: textPayload(1500),
    mode: "single",
    id,
  };
  const command = roleOf(context.implementation, "client")?.modes?.single;
  const chooses = command?.some((argument) => argument.includes("{id}")) ?? false;
  if (command && !chooses && id > 1) {
    throw new CaseUnsupported("mode single of the manifest has no {id}, so it chooses by itself");
  }
  const seen = await transferOf(context, script);
  const bytes = bytesOfEach(seen);
  const right = chooses
    ? bytes.every((count, i) => count === (i === id - 1 ? script.payload.length : 0))
    : bytes.filter((count) => count > 0).length === 1 &&
      Math.max(...bytes) === script.payload.length;
  if (right) return;
  const wanted = chooses ? `receiver ${"abc"[id - 1]}` : "one receiver";
  throw context.failure(`the payload did not go to ${wanted} alone: ${bytes.join("/")} bytes`, {
    sent: `${sentText(script)}; in mode single, {id} being ${id}`,
    expected: `all ${script.payload.length} bytes at ${wanted}, nothing at the others`,
    actual: seenText(context, seen, seen.end),
  });
}

/** How much longer the whole may take than its slowest part. */
const MOST_RATIO = 1.5;

/** Whether packets to two receivers were ever on their way at the same time. */
export function overlaps({ receivers }: Seen): boolean {
  const flights = receivers.flatMap(({ letter, packets, ackedMs }) =>
    packets.filter(({ copy }) => copy === 0).flatMap(({ seq, atMs }) => {
      const to = ackedMs.get(seq);
      return to === undefined ? [] : [{ letter, from: atMs, to }];
    })
  ).sort((x, y) => x.from - y.from);
  return flights.some((one, i) =>
    flights.slice(i + 1).some((other) => other.letter !== one.letter && other.from < one.to)
  );
}

/** Milliseconds from the first packet to the last ack: of all, and of the slowest receiver. */
export function busyTimes({ receivers }: Seen) {
  const spans = receivers.flatMap(({ packets, ackedMs }) =>
    packets.length === 0 || ackedMs.size === 0
      ? []
      : [{ from: packets[0]!.atMs, to: Math.max(...ackedMs.values()) }]
  );
  const makespanMs = Math.max(...spans.map(({ to }) => to)) -
    Math.min(...spans.map(({ from }) => from));
  const slowestMs = Math.max(...spans.map(({ from, to }) => to - from));
  return { receivers: spans.length, makespanMs, slowestMs };
}

async function parallel(context: CaseContext): Promise<void> {
  const script: TransferScript = {
    latenciesMs: [50, 50, 50],
    ackMs: [50, 50, 50],
    payload: textPayload(6000),
  };
  const seen = await transferOf(context, script);
  const times = busyTimes(seen);
  if (times.receivers === 0) throw new CaseBlocked("no data packet came, so nothing can be timed");
  if (times.receivers === 1) throw new CaseUnsupported("one receiver got everything");
  const { makespanMs, slowestMs } = times;
  const atOnce = overlaps(seen);
  if (atOnce && makespanMs < MOST_RATIO * slowestMs) return;
  const seconds = (ms: number) => (ms / 1000).toFixed(2);
  throw context.failure(
    atOnce
      ? `the transfer took ${seconds(makespanMs)} s, its slowest receiver ${seconds(slowestMs)} s`
      : "no packet went to one receiver while one to another was on its way",
    {
      sent: sentText(script),
      expected: `receivers work at the same time: under ${MOST_RATIO} times ` +
        "the slowest receiver's own time",
      actual: seenText(context, seen, seen.end),
    },
  );
}

/** The acks of the published servers took so long, and longer. */
const SLOW_ACK_MS = 900;
const MOST_COPIES = 1;

async function notEager(context: CaseContext): Promise<void> {
  const script: TransferScript = {
    latenciesMs: [160, 160],
    ackMs: [SLOW_ACK_MS, SLOW_ACK_MS],
    payload: textPayload(800),
  };
  const seen = await transferOf(context, script);
  const packets = seen.receivers.flatMap((receiver) => receiver.packets);
  const worst = packets.reduce((most, one) => one.copy > most.copy ? one : most, packets[0]!);
  if (packets.length === 0) throw new CaseBlocked("no data packet came");
  if (worst.copy <= MOST_COPIES) return;
  throw context.failure(`SEQ ${worst.seq} came ${worst.copy + 1} times before its ack`, {
    sent: `${sentText(script)}; each ack came 0.9 s after its packet`,
    expected: "one needless copy of a packet at most",
    actual: seenText(context, seen, seen.end),
  });
}

const INTENT = "mdalp.client.intent";

export const clientPacketCases: readonly Case[] = [
  ...ROWS.map(({ id, title, script, judge, needs = [], limitMs }): Case => ({
    id: `mdalp.client.${id}`,
    rule: `mdalp.client.${id.split("/")[0]}`,
    title,
    needs: [INTENT, ...needs],
    ...(limitMs === undefined ? {} : { limitMs }),
    run: (context) => {
      const made = script(context);
      return judged(context, made, judge(made));
    },
  })),
  ...([1, 2, 3] as const).map((id): Case => ({
    id: `mdalp.client.one-receiver/${id}`,
    rule: "mdalp.client.one-receiver",
    title: `The whole payload goes to receiver ${id} where that is chosen`,
    needs: [INTENT],
    run: (context) => oneReceiver(context, id),
  })),
  {
    id: "mdalp.client.not-eager/0.9-s",
    rule: "mdalp.client.not-eager",
    title: "Acks that take 0.9 s are waited for",
    needs: [INTENT],
    timed: true,
    slow: true,
    run: notEager,
  },
  {
    id: "mdalp.client.parallel/three-equal",
    rule: "mdalp.client.parallel",
    title: "Three equal receivers are served at the same time",
    needs: [INTENT],
    timed: true,
    run: parallel,
  },
];
