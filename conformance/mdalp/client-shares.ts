/** Cases of the client that look at how much each receiver gets. */
import { CaseBlocked, CaseUnsupported } from "../engine/verdict.ts";
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { LETTERS, receiverHost, textPayload } from "./course.ts";
import { bytesOfEach, seenText, sentText, transferOf } from "./transfer.ts";
import type { TransferScript, TransferSeen } from "./transfer.ts";

const LEAST_SHARE = 0.1;
const PACKET_BYTES = 100;

interface Variant {
  readonly name: string;
  readonly title: string;
  /** Each 1.5 times the next or more, in any order. */
  readonly latenciesMs: readonly number[];
  readonly bytes: number;
}

const VARIANTS: readonly Variant[] = [
  {
    name: "two",
    title: "Of two receivers the faster gets more",
    latenciesMs: [80, 30],
    bytes: 5000,
  },
  {
    name: "three",
    title: "Of three receivers the faster get more",
    latenciesMs: [40, 160, 80],
    bytes: 6000,
  },
  {
    name: "five",
    title: "Of five receivers the faster get more",
    latenciesMs: [60, 27, 90, 40, 18],
    bytes: 10_000,
  },
  {
    name: "floor",
    title: "A receiver that is very slow gets a tenth all the same",
    latenciesMs: [20, 900, 40],
    // A tenth is ten packets and a bit, so eleven.
    bytes: 10_100,
  },
];

/** Exact shares by inverse latency, those under a tenth raised to it. */
export function idealShares(latenciesMs: readonly number[]): number[] {
  const rates = latenciesMs.map((ms) => 1 / ms);
  const raised = new Set<number>();
  for (;;) {
    const open = rates.reduce((sum, rate, i) => raised.has(i) ? sum : sum + rate, 0);
    const left = 1 - raised.size * LEAST_SHARE;
    const shares = rates.map((rate, i) => raised.has(i) ? LEAST_SHARE : left * rate / open);
    const low = shares.findIndex((share, i) => !raised.has(i) && share < LEAST_SHARE);
    if (low < 0) return shares;
    raised.add(low);
  }
}

async function measuredTransfer(
  context: CaseContext,
  script: TransferScript,
): Promise<{ seen: TransferSeen; bytes: number[] }> {
  const seen = await transferOf(context, script);
  if (seen.receivers.every(({ packets }) => packets.length === 0)) {
    throw new CaseBlocked("no data packet came, so there are no shares");
  }
  const pinged = new Set(seen.pinged());
  const all = script.latenciesMs.every((_, i) => pinged.has(seen.stage.at(receiverHost(i)).host));
  if (!all) {
    throw new CaseUnsupported(
      "the client did not measure: its `ping` was not asked about every receiver",
    );
  }
  const bytes = bytesOfEach(seen);
  const total = bytes.reduce((sum, one) => sum + one, 0);
  if (total < script.payload.length) {
    throw new CaseBlocked(
      `the transfer was not completed: ${total} of ${script.payload.length} bytes came`,
    );
  }
  return { seen, bytes };
}

/** What is wrong with the shares, in a sentence. */
export function sharesProblem(
  bytes: readonly number[],
  latenciesMs: readonly number[],
): string | undefined {
  const total = bytes.reduce((sum, one) => sum + one, 0);
  const name = (i: number) => `receiver ${LETTERS[i]} (${latenciesMs[i]} ms)`;
  const all = bytes.findIndex((one) => one === total);
  if (all >= 0) return `${name(all)} got everything`;
  // Rounded up to a packet: eleven packets of which the last is short may be a tenth of 101.
  const whole = (one: number) => Math.ceil(one / PACKET_BYTES) * PACKET_BYTES;
  const low = bytes.findIndex((one) => whole(one) < LEAST_SHARE * total);
  if (low >= 0) {
    const percent = (100 * (bytes[low] as number) / total).toFixed(1);
    return `${name(low)} got ${percent} % of the payload, under a tenth`;
  }
  const ideal = idealShares(latenciesMs);
  for (const [fast, fastMs] of latenciesMs.entries()) {
    for (const [slow, slowMs] of latenciesMs.entries()) {
      if (fastMs >= slowMs) continue;
      const apart = ((ideal[fast] as number) - (ideal[slow] as number)) * total;
      const [more, less] = [bytes[fast] as number, bytes[slow] as number];
      // Where both are at the floor, or nearly, they may be equal.
      const low = less <= LEAST_SHARE * total + PACKET_BYTES;
      if (more > less || (more === less && (low || apart < 2 * PACKET_BYTES))) continue;
      return `${name(fast)} got ${more} bytes, and ${name(slow)}, which is slower, ${less}`;
    }
  }
  return undefined;
}

async function shares(context: CaseContext, { latenciesMs, bytes: size }: Variant): Promise<void> {
  const script = { latenciesMs, payload: textPayload(size) };
  const { seen, bytes } = await measuredTransfer(context, script);
  const problem = sharesProblem(bytes, latenciesMs);
  if (!problem) return;
  throw context.failure(problem, {
    sent: sentText(script),
    expected: "the lower the latency the larger the share; none under a tenth, none everything",
    actual: `${bytes.join("/")} bytes\n${seenText(context, seen, seen.end)}`,
  });
}

/** The published run's. */
const PUBLISHED_MS = [335, 163, 157];

async function inverseLatency(context: CaseContext): Promise<void> {
  const script = { latenciesMs: PUBLISHED_MS, payload: textPayload(5000) };
  const { seen, bytes } = await measuredTransfer(context, script);
  const ideal = idealShares(PUBLISHED_MS).map((share) => share * 5000);
  const off = bytes.findIndex((one, i) => Math.abs(one - (ideal[i] as number)) > PACKET_BYTES);
  if (off < 0) return;
  throw context.failure(
    `receiver ${LETTERS[off]} got ${bytes[off]} bytes, not ${ideal[off]!.toFixed(0)}, ` +
      "more than a packet apart",
    {
      sent: sentText(script),
      expected: `${ideal.map((one) => one.toFixed(0)).join("/")} bytes, each within one packet`,
      actual: `${bytes.join("/")} bytes\n${seenText(context, seen, seen.end)}`,
    },
  );
}

const NEEDS = ["mdalp.client.intent"];

export const clientShareCases: readonly Case[] = [
  ...VARIANTS.map((variant): Case => ({
    id: `mdalp.client.shares/${variant.name}`,
    rule: "mdalp.client.shares",
    title: variant.title,
    needs: NEEDS,
    run: (context) => shares(context, variant),
  })),
  {
    id: "mdalp.client.inverse-latency/published",
    rule: "mdalp.client.inverse-latency",
    title: "335/163/157 ms make 10/20/21 packets of 5000 bytes, each within one",
    needs: [...NEEDS, "mdalp.client.shares"],
    run: inverseLatency,
  },
];
