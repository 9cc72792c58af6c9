/**
 * Transfers begin at times that are fixed beforehand. One that finds no free slot waits for one,
 * and its latency counts from the time that it was to begin at: what a stall holds up shows.
 */
import { performance } from "node:perf_hooks";
import { latencyHistogram, recordUs } from "../histogram.ts";
import { BACK_OFF_MS } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";
import type { Slot } from "./slot.ts";
import type { Tally } from "./tally.ts";

/** Timers may be so late; nearer to a start, the clock is watched. */
const WATCH_MS = 2;

export interface OpenLoopOptions {
  readonly startMs: number;
  readonly durationMs: number;
  readonly timeoutMs: number;
  /** Starts a second of all workers together, of which this one has every `of`th from `index` on. */
  readonly rate: number;
  readonly index: number;
  readonly of: number;
}

export class OpenLoop implements Schedule {
  idleMs = 0;
  /** From the intended start to when it was come to, in microseconds, a free slot or not. */
  readonly late = latencyHistogram();
  readonly #options: OpenLoopOptions;
  readonly #tally: Tally;
  /** Of all transfers, these are due, and of these, so many begun. */
  readonly #count: number;
  #due = 0;
  #begun = 0;
  #ended = 0;
  #free: Slot[] = [];
  #over: () => void = () => {};
  #stopped = false;
  /** The clock when it was last watched, while nothing has happened since. */
  #watchedMs: number | undefined;

  constructor(options: OpenLoopOptions, tally: Tally) {
    const { rate, durationMs, index, of } = options;
    this.#options = options;
    this.#tally = tally;
    this.#count = Math.max(1, Math.ceil((Math.ceil(durationMs * rate / 1000) - index) / of));
  }

  start(slots: readonly Slot[]): Promise<void> {
    return new Promise((resolve) => {
      this.#over = resolve;
      this.#free = [...slots];
      this.#watch();
    });
  }

  /** Something other than watching the clock was done. */
  worked(): void {
    this.#watchedMs = undefined;
  }

  free(slot: Slot, _nowMs: number, broken: boolean): void {
    this.#end();
    if (broken) setTimeout(() => this.#take(slot), BACK_OFF_MS);
    else this.#take(slot);
  }

  expire(nowMs: number): void {
    while (this.#begun < this.#due) {
      const startMs = this.#startOf(this.#begun);
      if (nowMs - startMs <= this.#options.timeoutMs) return;
      this.#begun++;
      this.#tally.failed("unsent", startMs, nowMs);
      this.#end();
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#over();
  }

  #startOf(transfer: number): number {
    const { startMs, rate, index, of } = this.#options;
    return startMs + (index + transfer * of) * 1000 / rate;
  }

  #watch(): void {
    if (this.#stopped) return;
    const nowMs = performance.now();
    if (this.#watchedMs !== undefined) this.idleMs += nowMs - this.#watchedMs;
    this.#watchedMs = nowMs;
    while (this.#due < this.#count && this.#startOf(this.#due) <= nowMs) {
      recordUs(this.late, (nowMs - this.#startOf(this.#due)) * 1000);
      this.#due++;
      this.worked();
    }
    while (this.#begun < this.#due && this.#free.length > 0) {
      this.#begin(this.#free.shift() as Slot);
    }
    if (this.#due === this.#count) return;
    const restMs = this.#startOf(this.#due) - nowMs;
    if (restMs <= WATCH_MS) return void setImmediate(() => this.#watch());
    // A sleep is no work, and none of the watching either.
    this.worked();
    setTimeout(() => this.#watch(), restMs - WATCH_MS);
  }

  #take(slot: Slot): void {
    if (this.#stopped) return;
    if (this.#begun < this.#due) this.#begin(slot);
    else this.#free.push(slot);
  }

  #begin(slot: Slot): void {
    slot.begin(this.#startOf(this.#begun++));
  }

  #end(): void {
    if (++this.#ended === this.#count) this.#over();
  }
}
