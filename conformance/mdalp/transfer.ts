/** A whole transfer of a client under test: a plan, receivers that answer as scripted, what they saw. */
import { Buffer } from "node:buffer";
import type { UdpAddress } from "../../src/net/mod.ts";
import type { CaseContext, Ended } from "../engine/run/context.ts";
import { endText, LETTERS, ORCHESTRATOR_HOST, receiverHost, startClient } from "./course.ts";
import { ackBytes, planText, seenMessage } from "./seen-message.ts";
import { openStage } from "./stage.ts";
import type { Party, Stage } from "./stage.ts";

export const TID = 3740;

/** One data packet as it came. */
export interface SeenData {
  readonly atMs: number;
  readonly seq: number;
  readonly payload: Buffer;
  /** How often this SEQ had come to this receiver before. */
  readonly copy: number;
  /** The script lost it on its way: the receiver never saw it. */
  readonly lost: boolean;
}

export interface SeenReceiver {
  readonly letter: string;
  readonly packets: SeenData[];
  /** When acks went out, by SEQ, the first of each. */
  readonly ackedMs: Map<number, number>;
  /** Datagrams that were no data packet of this transaction. */
  readonly others: Buffer[];
}

/**
 * What becomes of a data packet and its ack; the default is one ack after the receiver's time. A
 * packet that is lost has not arrived; where its ack is lost it has.
 */
export type Answer = "ack" | "lose" | "lose-ack" | "ack-twice";

export interface TransferScript {
  readonly payload: Uint8Array;
  /** What ping says of each receiver, and so how many there are. */
  readonly latenciesMs: readonly number[];
  /** Milliseconds from data to ack of each receiver; none by default. */
  readonly ackMs?: readonly number[];
  /** Milliseconds from the intent to the plan, asked when the intent has come. */
  planMs?(): number;
  answer?(receiver: number, data: Omit<SeenData, "lost">): Answer;
  /** Which intent gets the plan, from 1; the first by default. */
  readonly planOnIntent?: number;
  /** Datagrams that each receiver sends to the client after its first packet, over and over. */
  readonly noise?: { readonly everyMs: number; readonly bytes: Uint8Array; on(): boolean };
  readonly mode?: string;
  readonly id?: number;
  readonly waits?: boolean;
  /** Milliseconds for the client to end. */
  readonly limitMs?: number;
}

/** A transfer while it runs. */
export interface Transfer {
  readonly stage: Stage;
  readonly receivers: readonly SeenReceiver[];
  readonly intents: number[];
  readonly ended: Promise<Ended>;
  /** The addresses that the stand-in ping was asked about. */
  pinged(): string[];
}

export interface TransferSeen extends Transfer {
  readonly end: Ended;
}

const LIMIT_MS = 60_000;

/** Starts all; the parties answer while the caller waits for what it judges. */
export async function startTransfer(
  context: CaseContext,
  script: TransferScript,
): Promise<Transfer> {
  const stage = openStage(context);
  const { latenciesMs } = script;
  const receivers = latenciesMs.map((_, i): SeenReceiver => ({
    letter: LETTERS[i] as string,
    packets: [],
    ackedMs: new Map(),
    others: [],
  }));
  for (const [i, seen] of receivers.entries()) await openReceiver(context, stage, script, i, seen);
  const intents: number[] = [];
  const plan = Buffer.from(planText(
    TID,
    receivers.map((_, i) => ({
      address: stage.at(receiverHost(i)).host,
      name: `Receiver ${i + 1}`,
    })),
  ));
  let asker: UdpAddress;
  const orchestrator: Party = await stage.party(
    "orchestrator",
    stage.at(ORCHESTRATOR_HOST),
    (bytes, from, atMs) => {
      if (seenMessage(bytes).type !== "intent") return;
      intents.push(atMs);
      // One that asks again from another socket waits there.
      asker = { ...from };
      if (intents.length !== (script.planOnIntent ?? 1)) return;
      later(context, script.planMs?.() ?? 0, () => orchestrator.send(plan, asker));
    },
  );
  const { ping, ended } = startClient(context, stage, {
    payload: script.payload,
    latenciesMs,
    limitMs: script.limitMs ?? LIMIT_MS,
    ...(script.mode === undefined ? {} : { mode: script.mode }),
    ...(script.id === undefined ? {} : { id: script.id }),
    ...(script.waits ? { waits: true } : {}),
  });
  return { stage, receivers, intents, ended, pinged: () => ping.asked() };
}

async function openReceiver(
  context: CaseContext,
  stage: Stage,
  script: TransferScript,
  index: number,
  seen: SeenReceiver,
): Promise<void> {
  const copies = new Map<number, number>();
  const party = await stage.party(
    seen.letter,
    stage.at(receiverHost(index)),
    (bytes, from, atMs) => {
      const message = seenMessage(bytes);
      if (message.type !== "data" || message.tid !== TID) {
        seen.others.push(bytes);
        return;
      }
      const copy = copies.get(message.seq) ?? 0;
      copies.set(message.seq, copy + 1);
      const data = {
        atMs,
        seq: message.seq,
        payload: bytes.subarray(bytes.length - message.payload.length),
        copy,
      };
      const answer = script.answer?.(index, data) ?? "ack";
      seen.packets.push({ ...data, lost: answer === "lose" });
      if (script.noise && seen.packets.length === 1) makeNoise(party, { ...from }, script.noise);
      if (answer === "lose") return said(context, seen, `SEQ ${data.seq} is lost on its way`);
      if (answer === "lose-ack") {
        return said(context, seen, `the ack of SEQ ${data.seq} is lost on its way`);
      }
      const to: UdpAddress = { ...from };
      later(context, script.ackMs?.[index] ?? 0, () => {
        if (!seen.ackedMs.has(data.seq)) seen.ackedMs.set(data.seq, performance.now());
        party.send(ackBytes(TID, data.seq), to);
        if (answer === "ack-twice") party.send(ackBytes(TID, data.seq), to);
      });
    },
  );
}

function makeNoise(party: Party, to: UdpAddress, noise: NonNullable<TransferScript["noise"]>) {
  const timer = setInterval(() => {
    if (noise.on()) party.send(noise.bytes, to);
    else clearInterval(timer);
  }, noise.everyMs);
}

/** Into the log, and beside the datagram in a capture. */
function said(context: CaseContext, { letter }: SeenReceiver, text: string): string {
  context.log.add(letter, text);
  return text;
}

function later(context: CaseContext, milliseconds: number, run: () => void): void {
  if (milliseconds === 0) return run();
  const timer = setTimeout(run, milliseconds);
  context.onEnd(() => Promise.resolve(clearTimeout(timer)));
}

/** Runs a transfer to the client's end. */
export async function transferOf(
  context: CaseContext,
  script: TransferScript,
): Promise<TransferSeen> {
  const transfer = await startTransfer(context, script);
  return { ...transfer, end: await transfer.ended };
}

/** What was done, for evidence. */
export function sentText({ payload, latenciesMs }: TransferScript): string {
  return `started the client with a file of ${payload.length} bytes; the plan named ` +
    `${latenciesMs.length} receiver(s), ping ${latenciesMs.join("/")} ms`;
}

/** The packets by receiver, how the client ended, and the log. */
export function seenText(context: CaseContext, transfer: Transfer, end?: Ended): string {
  const rows = transfer.receivers.map(({ letter, packets }) => {
    const first = packets.filter(({ copy }) => copy === 0);
    const bytes = first.reduce((sum, { payload }) => sum + payload.length, 0);
    const seqs = first.map(({ seq }) => seq);
    const range = seqs.length === 0 ? "" : `, SEQ ${Math.min(...seqs)} to ${Math.max(...seqs)}`;
    return `${letter}: ${first.length} packets${range}, ${bytes} bytes, ${
      packets.length - first.length
    } copies`;
  });
  return [...rows, end && endText(end), `--- the log:\n${context.log}`].filter(Boolean).join("\n");
}

/** Each packet that arrived, once, by SEQ. */
export function packetsBySeq(transfer: Pick<Transfer, "receivers">): Map<number, Buffer> {
  const bySeq = new Map<number, Buffer>();
  for (const { packets } of transfer.receivers) {
    for (const data of packets) {
      if (!data.lost && !bySeq.has(data.seq)) bySeq.set(data.seq, data.payload);
    }
  }
  return bySeq;
}

/** Bytes that were sent to each receiver, copies left out. */
export function bytesOfEach(transfer: Pick<Transfer, "receivers">): number[] {
  return transfer.receivers.map(({ packets }) =>
    packets.filter(({ copy }) => copy === 0).reduce((sum, { payload }) => sum + payload.length, 0)
  );
}
