/** Cases of the client that look at its data packets: what is in them, in which order. */
import { CaseBlocked } from "../engine/verdict.ts";
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { binaryPayload, textPayload } from "./course.ts";
import { notFull, notTheFile, outOfBounds, outOfSequence, overtaking } from "./packet-judges.ts";
import type { Found } from "./packet-judges.ts";
import { bytesOfEach, seenText, sentText, transferOf } from "./transfer.ts";
import type { TransferScript, TransferSeen } from "./transfer.ts";

/** Pings apart by a factor; acks in a tenth of that, which keeps the order and saves time. */
const THREE: Pick<TransferScript, "latenciesMs" | "ackMs"> = {
  latenciesMs: [90, 45, 30],
  ackMs: [9, 4, 3],
};

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

/** A packet that is lost for ever would be a dead receiver. */
const LOSSES_IN_A_ROW = 2;

/**
 * One packet or ack in twelve is lost, one ack in ten comes twice. Drawn for each sending of each
 * packet beforehand: in the order of arrivals, the draws of three receivers would change places.
 */
function badNetwork(context: CaseContext): TransferScript {
  const { random } = context;
  const payload = textPayload(4000);
  const draws = Array.from(payload, () => Array.from({ length: LOSSES_IN_A_ROW }, random));
  return {
    latenciesMs: [30, 20, 10],
    ackMs: [6, 4, 2],
    payload,
    answer: (_, { seq, copy }) => {
      const draw = draws[seq]?.[copy] ?? 1 / 2;
      if (draw < 1 / 12) return draw < 1 / 24 ? "lose" : "lose-ack";
      return draw > 0.9 ? "ack-twice" : "ack";
    },
  };
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
];
