/** A server of a known capacity: one request at a time is served, the others wait in their order. */

export interface PaceOptions {
  /** Milliseconds that serving any request takes. */
  readonly baseMs: number;
  /** What its body takes besides. */
  readonly bytesPerSecond: number;
}

/**
 * Reckons when each request has been served. The end of one is the beginning of the next, whenever
 * a timer fires, so that late timers lengthen a latency and never lessen the capacity.
 */
export class Pace {
  #options: PaceOptions;
  #freeAtMs = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Of what comes from now on. */
  set(options: PaceOptions): void {
    this.#options = options;
  }

  /** Milliseconds on the clock of `nowMs` at which a request that comes now has been served. */
  enter(nowMs: number, bytes: number): number {
    this.#freeAtMs = Math.max(nowMs, this.#freeAtMs) + serviceMs(this.#options, bytes);
    return this.#freeAtMs;
  }
}

/** Milliseconds that one request takes where no other one waits. */
export function serviceMs({ baseMs, bytesPerSecond }: PaceOptions, bytes: number): number {
  return baseMs + (bytes / bytesPerSecond) * 1000;
}
