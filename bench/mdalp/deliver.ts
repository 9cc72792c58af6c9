/** A transfer to measure: balanced, and delivered, or its time says nothing. */
import { loopbackTransfer } from "../../src/mdalp/loopback-transfer.ts";
import type { LoopbackTransfer } from "../../src/mdalp/loopback-transfer.ts";
import { RESULTS } from "../../src/mdalp/mod.ts";
import type { TransferResult } from "../../src/mdalp/mod.ts";

export type Delivery = Omit<LoopbackTransfer, "only" | "limitMs" | "giveUpMs">;

/** A transfer whose payload did not arrive. */
export class Undelivered extends Error {
  readonly code = "undelivered";
}

/** Rejects with an Undelivered, or as `transfer` does. */
export async function deliver(options: Delivery): Promise<TransferResult> {
  const limits = { only: undefined, limitMs: 600_000, giveUpMs: 120_000 };
  const result = await loopbackTransfer({ ...options, ...limits });
  if (result.verdict === RESULTS.completed) return result;
  throw new Undelivered(`the orchestrator says: ${result.verdict}`);
}
