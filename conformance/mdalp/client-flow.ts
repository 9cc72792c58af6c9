/** Cases of the client about who gets packets when: one receiver alone, all at once, not too often. */
import { CaseBlocked, CaseUnsupported } from "../engine/verdict.ts";
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { roleOf } from "../engine/run/implementation.ts";
import { textPayload } from "./course.ts";
import { busyTimes, overlaps } from "./packet-judges.ts";
import { bytesOfEach, seenText, sentText, transferOf } from "./transfer.ts";
import type { TransferScript } from "./transfer.ts";

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
  if (packets.length === 0) throw new CaseBlocked("no data packet came");
  const worst = packets.reduce((most, one) => one.copy > most.copy ? one : most);
  if (worst.copy <= MOST_COPIES) return;
  throw context.failure(`SEQ ${worst.seq} came ${worst.copy + 1} times before its ack`, {
    sent: `${sentText(script)}; each ack came 0.9 s after its packet`,
    expected: "one needless copy of a packet at most",
    actual: seenText(context, seen, seen.end),
  });
}

/** A plan may name ten receivers, and none of them is for show. */
async function tenReceivers(context: CaseContext): Promise<void> {
  const script: TransferScript = {
    latenciesMs: Array.from({ length: 10 }, () => 20),
    payload: textPayload(5000),
  };
  const seen = await transferOf(context, script);
  const bytes = bytesOfEach(seen);
  const idle = bytes.findIndex((count) => count === 0);
  if (idle < 0) return;
  throw context.failure(`receiver ${idle + 1} of ten got nothing`, {
    sent: sentText(script),
    expected: "data packets at every receiver of the plan",
    actual: `${bytes.join("/")} bytes\n${seenText(context, seen, seen.end)}`,
  });
}

const INTENT = "mdalp.client.intent";

export const clientFlowCases: readonly Case[] = [
  {
    id: "mdalp.client.parses-plan/each-of-ten",
    rule: "mdalp.client.parses-plan",
    title: "Each of ten receivers gets data",
    // One that sends all to the fastest has read the plan as well.
    needs: [INTENT, "mdalp.client.shares"],
    run: tenReceivers,
  },
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
