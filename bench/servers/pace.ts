/** A server of a known capacity: one request at a time is served, the others wait in their order. */

export interface PaceOptions {
  /** Milliseconds that serving any request takes. */
  readonly baseMs: number;
  /** What its body takes besides. */
  readonly bytesPerSecond: number;
}

/** A timer is no later than this, even on Deno; what is later, a busy machine is the reason of. */
const TIMER_LATE_MS = 3;

/**
 * Reckons when each request has been served. The end of one is the beginning of the next, whenever
 * a timer fires. Who gets an answer late comes again late, which is made up for where nobody else
 * waits, so that late timers lengthen a latency and lessen no capacity, nor ever add to it. Waiting
 * awake for the right time instead would take the processor from what is measured.
 */
export class Pace {
  #options: PaceOptions;
  #freeAtMs = 0;
  #lateMs = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Of what comes from now on. */
  set(options: PaceOptions): void {
    this.#options = options;
  }

  /** Milliseconds on the clock of `nowMs` at which a request that comes now has been served. */
  enter(nowMs: number, bytes: number): number {
    const cameMs = nowMs - this.#lateMs;
    this.#freeAtMs = Math.max(cameMs, this.#freeAtMs) + serviceMs(this.#options, bytes);
    return this.#freeAtMs;
  }

  /** Now an answer goes out that was due at `dueMs`. */
  answered(nowMs: number, dueMs: number): void {
    this.#lateMs = Math.min(TIMER_LATE_MS, Math.max(0, nowMs - dueMs));
  }
}

/** Milliseconds that one request takes where no other one waits. */
export function serviceMs({ baseMs, bytesPerSecond }: PaceOptions, bytes: number): number {
  return baseMs + (bytes / bytesPerSecond) * 1000;
}
