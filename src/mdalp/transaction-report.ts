/** How a transaction ended, for scripts and people. Rule mdalp.orchestrator.verdict. */
import { createHash } from "node:crypto";
import { joinParts } from "./reassembly.ts";
import type { Transaction } from "./transaction.ts";
import { resultOf, violatesBalance } from "./verdict.ts";
import type { Result } from "./verdict.ts";

export interface ReceiverReport {
  readonly address: string;
  readonly packets: number;
  readonly bytes: number;
  /** Of all bytes, 0 to 1; 0 where there are none. */
  readonly share: number;
  /** Packets that came again: the client's timeouts, as far as they are seen here. */
  readonly timeouts: number;
  /** Milliseconds from the plan to its last new packet; 0 where it had none. */
  readonly elapsedMs: number;
}

export interface TransactionReport {
  readonly tid: number;
  /** Address and port. */
  readonly client: string;
  readonly result: Result;
  readonly receivers: readonly ReceiverReport[];
  readonly bytes: number;
  /** Of the payload as it came, hexadecimal; null where it is incomplete. */
  readonly sha256: string | null;
  /** Milliseconds from the plan to the last new packet. */
  readonly elapsedMs: number;
  /** ISO 8601, UTC. */
  readonly started: string;
}

/**
 * `cut` for a transaction that was ended by its limit or the loss of a receiver while its end was not
 * certain: more was to come, whatever is there.
 */
export function reportOf<R extends { readonly address: string }>(
  transaction: Transaction<R>,
  cut: boolean,
  result: (complete: boolean, violation: boolean) => Result = resultOf,
): TransactionReport {
  const { tid, client, started, startedMs, taken, parts } = transaction;
  const bytes = [...taken.values()].reduce((sum, own) => sum + own.bytes, 0);
  const elapsed = (lastMs: number | undefined) => Math.round((lastMs ?? startedMs) - startedMs);
  const receivers = [...taken].map(([{ address }, own]) => ({
    address,
    packets: own.packets,
    bytes: own.bytes,
    share: bytes === 0 ? 0 : own.bytes / bytes,
    timeouts: own.timeouts,
    elapsedMs: elapsed(own.lastMs),
  }));
  const joined = joinParts(parts);
  const payload = !cut && "payload" in joined && joined.payload.length > 0
    ? joined.payload
    : undefined;
  return {
    tid,
    client: `${client.host}:${client.port}`,
    result: result(payload !== undefined, violatesBalance(receivers)),
    receivers,
    bytes,
    sha256: payload ? createHash("sha256").update(payload).digest("hex") : null,
    elapsedMs: Math.max(0, ...receivers.map((own) => own.elapsedMs)),
    started,
  };
}
