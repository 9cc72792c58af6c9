/** From datagrams to what a time-sequence picture draws: a lane for each party, a mark a datagram. */
import { plural } from "../../report/text.ts";
import { readMessage } from "../../../src/mdalp/mod.ts";
import { clientsOf, typeOf } from "./client-endpoints.ts";
import { endpointName } from "./datagrams.ts";
import type { Datagram } from "./datagrams.ts";

export type MarkKind = "intent" | "plan" | "data" | "again" | "ack" | "odd";

export interface Mark {
  readonly kind: MarkKind;
  readonly outgoing: boolean;
  /** When the client sent or got it, in seconds since the first mark. */
  readonly atS: number;
  /** When the other end is drawn to have got or sent it: half way to the answer, where one came. */
  readonly otherS: number | undefined;
  /** A data packet for which no ack came before the next copy of it, or at all. */
  readonly unanswered: boolean;
  readonly seq: number | undefined;
  /** Its head, and what the file says of it. */
  readonly about: string;
}

export interface Lane {
  readonly party: string;
  readonly marks: readonly Mark[];
}

export interface Sequence {
  readonly lanes: readonly Lane[];
  readonly lengthS: number;
  /** What was left out, in sentences. */
  readonly notes: readonly string[];
}

/** A picture of more would be black, and a report heavy. */
const MOST_MARKS = 4000;

export function sequenceOf(datagrams: readonly Datagram[]): Sequence {
  const clients = clientsOf(datagrams);
  const seen = datagrams.filter(({ source, destination }) =>
    clients.has(endpointName(source)) !== clients.has(endpointName(destination))
  ).toSorted((a, b) => a.timeS - b.timeS);
  const notes: string[] = [];
  const begin = beginning(seen);
  if (begin > 0) {
    const silence = (seen[begin] as Datagram).timeS - (seen[begin - 1] as Datagram).timeS;
    notes.push(
      `Not drawn: ${plural(begin, "datagram")} before a silence of ${silence.toFixed(1)} s.`,
    );
  }
  const shown = seen.slice(begin, begin + MOST_MARKS);
  if (shown.length < seen.length - begin) {
    notes.push(`Only the first ${MOST_MARKS} of ${seen.length - begin} datagrams are drawn.`);
  }
  const startS = shown[0]?.timeS ?? 0;
  const lanes = new Map<string, Draft[]>();
  for (const datagram of shown) {
    const outgoing = clients.has(endpointName(datagram.source));
    const party = endpointName(outgoing ? datagram.destination : datagram.source);
    const own = lanes.get(party) ?? [];
    lanes.set(party, own);
    own.push(draft(datagram, outgoing, startS));
  }
  for (const own of lanes.values()) pairUp(own);
  return {
    lanes: [...lanes].map(([party, marks]) => ({ party, marks })),
    lengthS: (shown.at(-1)?.timeS ?? 0) - startS,
    notes,
  };
}

/** Servers have let clients wait for minutes: a silence longer than all that follows is left out. */
function beginning(seen: readonly Datagram[]): number {
  const endS = seen.at(-1)?.timeS ?? 0;
  let begin = 0;
  for (let i = 1; i < seen.length; i++) {
    const { timeS } = seen[i] as Datagram;
    const silence = timeS - (seen[i - 1] as Datagram).timeS;
    if (silence > 1 && silence > endS - timeS && i < seen.length - 1) begin = i;
  }
  // A silence late in the transfer is part of it; only what precedes the first data can go.
  const firstData = seen.findIndex(({ payload }) => typeOf(payload) === 2);
  return firstData < 0 || begin > firstData ? 0 : begin;
}

type Draft = { -readonly [Key in keyof Mark]: Mark[Key] } & { readonly tid: number | undefined };

function draft({ timeS, payload, comment }: Datagram, outgoing: boolean, startS: number): Draft {
  const head = payload.toString("latin1", 0, 40);
  const told = comment === undefined ? "" : ` (${comment})`;
  return {
    ...meaning(payload, outgoing),
    outgoing,
    atS: timeS - startS,
    otherS: undefined,
    unanswered: false,
    about: `${head}${payload.length > 40 ? "..." : ""}, ${payload.length} bytes${told}`,
  };
}

function meaning(payload: Uint8Array, outgoing: boolean): Pick<Draft, "kind" | "seq" | "tid"> {
  const odd = { kind: "odd", seq: undefined, tid: undefined } as const;
  try {
    const message = readMessage(payload);
    const { type } = message;
    if (outgoing !== (type === "intent" || type === "data")) return odd;
    if (type === "intent") return { ...odd, kind: type };
    if (type === "plan") return { ...odd, kind: type, tid: message.tid };
    return { kind: type, seq: message.seq, tid: message.tid };
  } catch {
    return odd;
  }
}

/** Finds copies, and which ack answers which copy. */
function pairUp(marks: readonly Draft[]): void {
  const packets = new Map<string, { copies: Draft[]; acks: Draft[] }>();
  for (const mark of marks) {
    if (mark.kind !== "data" && mark.kind !== "ack") continue;
    const key = `${mark.tid} ${mark.seq}`;
    const packet = packets.get(key) ?? { copies: [], acks: [] };
    packets.set(key, packet);
    if (mark.kind === "data") {
      if (packet.copies.length > 0) mark.kind = "again";
      packet.copies.push(mark);
    } // An ack of what was not sent is none.
    else if (packet.copies.length === 0) mark.kind = "odd";
    else packet.acks.push(mark);
  }
  for (const { copies, acks } of packets.values()) {
    // As many acks as copies: each has its own. Fewer: the copy last sent before it, as nothing
    // shows which was lost.
    const inOrder = acks.length >= copies.length;
    for (const ack of acks) {
      const open = copies.filter(({ atS, otherS }) => atS <= ack.atS && otherS === undefined);
      const copy = inOrder ? open[0] : open.at(-1);
      if (!copy) continue;
      copy.otherS = ack.otherS = (copy.atS + ack.atS) / 2;
    }
    for (const copy of copies) copy.unanswered = copy.otherS === undefined;
  }
}
