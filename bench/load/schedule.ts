/** When the transfers of a worker begin. */
import type { Slot } from "./slot.ts";

/** A slot whose connection failed rests so long, lest a server that refuses all be asked all the time. */
export const BACK_OFF_MS = 5;

export interface Schedule {
  /** Begins; resolves once every transfer that it began, or should have, is over. */
  start(slots: readonly Slot[]): Promise<void>;
  /** A slot can take a transfer. */
  free(slot: Slot, nowMs: number, broken: boolean): void;
  /** Gives up what has waited too long. */
  expire(nowMs: number): void;
  stop(): void;
  /** Milliseconds that it looked at the clock and had nothing to do. */
  readonly idleMs: number;
}
