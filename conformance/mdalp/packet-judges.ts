/** What is wrong with the data packets of a transfer, one rule a function; undefined for nothing. */
import { differenceOf } from "../engine/golden/match.ts";
import { assembled } from "./course.ts";
import { packetsBySeq } from "./transfer.ts";
import type { TransferSeen } from "./transfer.ts";

/** What a judgement needs of a transfer. */
export type Seen = Pick<TransferSeen, "receivers">;

export type Found = { readonly message: string; readonly expected: string } | undefined;

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
