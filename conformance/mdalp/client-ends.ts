/** Cases of the client about waiting and giving up: plans that are late, receivers that are dead, payloads of next to nothing. */
import type { Case } from "../engine/case.ts";
import { CaseBlocked } from "../engine/verdict.ts";
import { differenceOf } from "../engine/golden/match.ts";
import type { CaseContext, Ended } from "../engine/run/context.ts";
import { WARP_FACTOR } from "../engine/process/mod.ts";
import { assembled, textPayload, watchedEnd } from "./course.ts";
import { packetsBySeq, seenText, sentText, startTransfer, transferOf } from "./transfer.ts";
import type { TransferScript } from "./transfer.ts";

const PLAN_MS = 100_000;
/** The published client looks again after 120 s. */
const INTENT_AGAIN_MS = 130_000;
const DEAD_MS = 60_000;
const TINY_MS = 30_000;
/** What a program and a machine may need beside the waiting itself. */
const SLACK_MS = 30_000;

/** Milliseconds of the program's clock as they pass on the suite's. */
function onItsClock(context: CaseContext, milliseconds: number): number {
  return context.warped ? milliseconds / WARP_FACTOR : milliseconds;
}

async function patient(context: CaseContext): Promise<void> {
  const script: TransferScript = {
    latenciesMs: [20],
    payload: textPayload(250),
    planMs: () => onItsClock(context, PLAN_MS),
    waits: true,
    limitMs: PLAN_MS + 2 * SLACK_MS,
  };
  const transfer = await startTransfer(context, script);
  const { end, until } = watchedEnd(context, transfer.ended);
  const came = () => transfer.receivers.some(({ packets }) => packets.length > 0);
  await until(came, PLAN_MS + 2 * SLACK_MS);
  if (came()) return;
  throw context.failure("a plan that came 100 s after the intent was not used", {
    sent: `${sentText(script)}; the plan came 100 s after the intent`,
    expected: "data packets after the plan",
    actual: seenText(context, transfer, end()),
  });
}

async function intentAgain(context: CaseContext): Promise<void> {
  const script: TransferScript = {
    latenciesMs: [20],
    payload: textPayload(250),
    planOnIntent: 2,
    waits: true,
    limitMs: INTENT_AGAIN_MS + 2 * SLACK_MS,
  };
  const transfer = await startTransfer(context, script);
  const { end, until } = watchedEnd(context, transfer.ended);
  const { intents } = transfer;
  await until(() => intents.length > 0, SLACK_MS);
  await until(() => intents.length > 1, Math.max(10_000, onItsClock(context, INTENT_AGAIN_MS)));
  if (intents.length > 1) return;
  throw context.failure(
    intents.length === 0
      ? "no intent came"
      : `no second intent came within ${INTENT_AGAIN_MS / 1000} s`,
    {
      sent: `${sentText(script)}; no plan came after the first intent`,
      expected: "the intent once more",
      actual: seenText(context, transfer, end()),
    },
  );
}

/** What a program prints when it falls over instead of saying what is wrong. */
const CRASH =
  /Traceback \(most recent call last\)|^panic:|thread '.*' panicked|Unhandled|Uncaught|Exception in thread|Segmentation fault|core dumped|^\s+at .+:\d+:\d+\)?$/m;

export function crash(
  ended: Pick<Ended, "endedInTime" | "exitCode" | "output">,
): string | undefined {
  if (ended.endedInTime && ended.exitCode === null) return "it was ended by a signal";
  return CRASH.test(ended.output) ? "it printed the trace of a crash" : undefined;
}

async function deadReceiver(context: CaseContext, latenciesMs: readonly number[], dead: number) {
  const script: TransferScript = {
    latenciesMs,
    payload: textPayload(2000),
    answer: (receiver) => receiver === dead ? "lose" : "ack",
    limitMs: DEAD_MS,
  };
  const seen = await transferOf(context, script);
  const { end } = seen;
  if (seen.receivers[dead]?.packets.length === 0) {
    throw new CaseBlocked(`receiver ${"abc"[dead]}, which never answers, was sent nothing`);
  }
  const problem = !end.endedInTime
    ? `the client had not ended after ${DEAD_MS / 1000} s, though receiver ${
      "abc"[dead]
    } never answered`
    : end.exitCode === 0
    ? "the client ended with exit code 0, though a receiver never answered"
    : end.output.trim() === ""
    ? "the client ended without a word, though a receiver never answered"
    : undefined;
  if (!problem) return;
  throw context.failure(problem, {
    sent: `${sentText(script)}; receiver ${"abc"[dead]} never sent an ack`,
    expected: "an error in words and a non-zero exit code within 60 s",
    actual: seenText(context, seen, end),
  });
}

async function emptyPayload(context: CaseContext): Promise<void> {
  const script: TransferScript = {
    latenciesMs: [30, 20],
    payload: textPayload(0),
    limitMs: TINY_MS,
  };
  const seen = await transferOf(context, script);
  const { end } = seen;
  const bytes = assembled(packetsBySeq(seen))?.length ?? 0;
  const problem = !end.endedInTime
    ? `the client had not ended after ${TINY_MS / 1000} s`
    : crash(end) ??
      (bytes > 0 ? `${bytes} payload bytes came, and the file has none` : undefined) ??
      (end.output.trim() === "" && (end.exitCode !== 0 || seen.intents.length === 0)
        ? "it ended without a word, and without a transaction"
        : undefined);
  if (!problem) return;
  throw context.failure(`an empty file: ${problem}`, {
    sent: sentText(script),
    expected: "a message that the file is empty, or a transaction without payload; no crash",
    actual: seenText(context, seen, end),
  });
}

async function fewBytes(context: CaseContext, bytes: number): Promise<void> {
  const script: TransferScript = {
    latenciesMs: [40, 30, 20],
    payload: textPayload(bytes),
    limitMs: TINY_MS,
  };
  const seen = await transferOf(context, script);
  const { end } = seen;
  const came = assembled(packetsBySeq(seen));
  const delivered = came !== undefined && differenceOf(script.payload, came) === undefined;
  const problem = !end.endedInTime
    ? `the client had not ended after ${TINY_MS / 1000} s`
    : crash(end) ??
      (!delivered && end.exitCode === 0
        ? "it ended with exit code 0, and not all came"
        : undefined) ??
      (!delivered && end.output.trim() === "" ? "it ended without a word" : undefined);
  if (!problem) return;
  throw context.failure(`${bytes} byte(s) for three receivers: ${problem}`, {
    sent: sentText(script),
    expected: "all bytes at the receivers, or a reason and a non-zero exit code",
    actual: seenText(context, seen, end),
  });
}

const NOISE_EVERY_MS = 1000;
/** Rule mdalp.client.retransmits says 10 s, from the first packet on. */
const AGAIN_MS = 11_000;

/** Garbage must not put the retransmission off: it comes all the time, and the ack does not. */
async function steadyNoise(context: CaseContext): Promise<void> {
  let noisy = true;
  context.onEnd(() => Promise.resolve(void (noisy = false)));
  const script: TransferScript = {
    latenciesMs: [20],
    payload: textPayload(250),
    answer: () => "lose-ack",
    noise: { everyMs: NOISE_EVERY_MS, bytes: new TextEncoder().encode("noise"), on: () => noisy },
  };
  const transfer = await startTransfer(context, script);
  const { end, until } = watchedEnd(context, transfer.ended);
  const [receiver] = transfer.receivers;
  const packets = () => receiver?.packets ?? [];
  await until(() => packets().length > 0, SLACK_MS);
  await until(() => packets().length > 1, AGAIN_MS);
  if (packets().length > 1) return;
  const none = packets().length === 0;
  throw context.failure(
    none ? "no data packet came" : "garbage each second kept a packet from being sent again",
    {
      sent: `${sentText(script)}; no ack, but each second a datagram "noise" from the receiver`,
      expected: "the packet once more within 10 s",
      actual: seenText(context, transfer, end()),
    },
  );
}

const NEEDS = ["mdalp.client.intent"];

export const clientEndCases: readonly Case[] = [
  {
    id: "mdalp.client.patient/100-s",
    rule: "mdalp.client.patient",
    title: "A plan that comes after 100 s is used",
    needs: NEEDS,
    waits: true,
    limitMs: PLAN_MS + 3 * SLACK_MS,
    run: patient,
  },
  {
    id: "mdalp.client.intent-again/no-plan",
    rule: "mdalp.client.intent-again",
    title: "The intent is sent again when no plan comes",
    needs: NEEDS,
    waits: true,
    limitMs: INTENT_AGAIN_MS + 3 * SLACK_MS,
    run: intentAgain,
  },
  {
    id: "mdalp.client.garbage/steady-noise",
    rule: "mdalp.client.garbage",
    title: "Garbage that keeps coming does not put a retransmission off",
    needs: [...NEEDS, "mdalp.client.retransmits"],
    slow: true,
    run: steadyNoise,
  },
  {
    id: "mdalp.client.dead-receiver/one-of-three",
    rule: "mdalp.client.dead-receiver",
    title: "One receiver of three that never answers ends in an error",
    needs: NEEDS,
    slow: true,
    run: (context) => deadReceiver(context, [40, 30, 20], 1),
  },
  {
    id: "mdalp.client.dead-receiver/only-one",
    rule: "mdalp.client.dead-receiver",
    title: "An only receiver that never answers ends in an error",
    needs: NEEDS,
    slow: true,
    run: (context) => deadReceiver(context, [20], 0),
  },
  {
    id: "mdalp.client.empty-payload/0",
    rule: "mdalp.client.empty-payload",
    title: "An empty file is no reason to crash",
    needs: NEEDS,
    run: emptyPayload,
  },
  ...[1, 2].map((bytes): Case => ({
    id: `mdalp.client.few-bytes/${bytes}`,
    rule: "mdalp.client.few-bytes",
    title: `${bytes} byte(s) for three receivers are delivered, or refused with a reason`,
    needs: [...NEEDS, "mdalp.client.sequence"],
    run: (context) => fewBytes(context, bytes),
  })),
];
