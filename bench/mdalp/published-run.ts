/**
 * The published run again: 5000 bytes at the published latencies, balanced and to each receiver, once.
 * Source: the table "Comparison" of the published report, which spec/mdalp names.
 */
import type { Runtime } from "../../src/net/mod.ts";
import { ProgramError } from "../lifetime.ts";
import type { Lifetime } from "../lifetime.ts";
import { measureTransfer } from "./measure-transfer.ts";
import type { Measured, Sides } from "./measure-transfer.ts";
import { PUBLISHED_LATENCIES_MS, RECEIVERS } from "./order.ts";
import type { Order } from "./order.ts";
import { startSides } from "./sides.ts";

/** A row of the published table, and of ours. */
export interface PublishedRow {
  readonly mode: string;
  /** Undefined where the payload is shared out, as is the latency. */
  readonly server: string | undefined;
  readonly latencyMs: number | undefined;
  /** Retransmissions; `inf` where it did not end. */
  readonly timeouts: number | "inf";
  /** From the first packet to the last ack; the published figure of the balanced run has its pings. */
  readonly elapsedS: number | "failed";
}

export interface PublishedRunOptions {
  readonly life: Lifetime;
  readonly runtime: Runtime;
  readonly seed: number;
  /** Data packets that are lost. */
  readonly lossPercent: number;
  readonly signal: AbortSignal;
}

/** The published balanced transfer sent 4 of its 51 packets again. */
export const PUBLISHED_LOSS_PERCENT = 8;

const PUBLISHED_BYTES = 5000;

/**
 * All four at the same time, since they only wait: some 20 seconds. Rejects with the signal's reason,
 * and with a ProgramError where a process died or other bytes came than were sent.
 */
export async function publishedRun(options: PublishedRunOptions): Promise<PublishedRow[]> {
  const { life, runtime, lossPercent } = options;
  const order: Order = {
    bytes: PUBLISHED_BYTES,
    lossPercent,
    latenciesMs: PUBLISHED_LATENCIES_MS,
    receivers: RECEIVERS,
    only: null,
    timesFaster: 1,
    atATime: 1,
  };
  const sides = await startSides(life, runtime);
  try {
    return await publishedRows(sides, order, options);
  } finally {
    sides.close();
  }
}

/** The rows of an order, whatever its mode: balanced first, then to each of its receivers. */
export function publishedRows(
  sides: Sides,
  order: Order,
  { seed, signal }: Pick<PublishedRunOptions, "seed" | "signal">,
): Promise<PublishedRow[]> {
  const modes = [null, ...order.receivers.keys()];
  return Promise.all(modes.map(async (only) => {
    const one = { ...order, only };
    return rowOf(one, await measureTransfer(sides, one, seed, signal));
  }));
}

function rowOf({ only, receivers, latenciesMs }: Order, measured: Measured): PublishedRow {
  if (measured.kind === "mismatch") {
    const { actualSha256, expectedSha256, at } = measured.mismatch;
    throw new ProgramError(
      `other bytes came than were sent: SHA-256 ${actualSha256}, not ${expectedSha256}, ` +
        `from byte ${at ?? "unknown"}`,
    );
  }
  const mode = only === null
    ? { mode: "Load balance", server: undefined, latencyMs: undefined }
    : { mode: "Non load balance", server: receivers[only], latencyMs: latenciesMs[only] };
  if (measured.kind === "failed") return { ...mode, timeouts: "inf", elapsedS: "failed" };
  const { timeouts, makespanMs } = measured.sent;
  return { ...mode, timeouts, elapsedS: makespanMs / 1000 };
}
