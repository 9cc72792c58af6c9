/** One plan's load, as one worker puts it on. */
import { performance } from "node:perf_hooks";
import { ClosedLoop } from "./closed-loop.ts";
import { OpenLoop } from "./open-loop.ts";
import type { LoadPlan } from "./plan.ts";
import type { ReferenceBodies } from "./reference-body.ts";
import type { Schedule } from "./schedule.ts";
import { busyMs } from "./self-busy.ts";
import { Slot } from "./slot.ts";
import type { Course } from "./slot.ts";
import { Tally } from "./tally.ts";
import { anyRedirect, wanted } from "./wanted.ts";
import type { Wanted } from "./wanted.ts";
import { Window } from "./window.ts";

/** A worker's part of a load. */
export interface Share {
  /** `connections` are this worker's, `rate` is all workers'. */
  readonly plan: LoadPlan;
  readonly index: number;
  readonly of: number;
}

export interface Done {
  readonly tally: Tally;
  /** What counts of a closed loop. */
  readonly window: Window | undefined;
  /** Share of the wall time that the main thread had work, 0 to 1. */
  readonly busy: number;
  /** Microseconds; of an open loop. */
  readonly late: OpenLoop["late"] | undefined;
}

export class Load implements Course {
  readonly plan: LoadPlan;
  tally = new Tally();
  readonly wanted: Wanted;
  readonly wantedThere: Wanted | undefined;
  readonly #share: Share;
  readonly #slots: readonly Slot[];
  #schedule: Schedule | undefined;
  #open: OpenLoop | undefined;
  #window: Window | undefined;
  #stopped = false;

  constructor(share: Share, bodies: ReferenceBodies) {
    const { plan } = share;
    this.#share = share;
    this.plan = plan;
    const last = wanted(plan.expect, bodies);
    this.wanted = plan.follow ? anyRedirect() : last;
    this.wantedThere = plan.follow ? last : undefined;
    this.#slots = Array.from({ length: plan.connections }, () => new Slot(this));
  }

  /** Opens the connections that stay; elsewhere the opening is part of what is measured. */
  async prepare(): Promise<void> {
    if (!this.plan.keepAlive || this.plan.follow) return;
    await Promise.all(this.#slots.map((slot) => slot.prepare()));
  }

  /** Begins at `startMs` of `performance.now`, or now where that is over. Rejects where it is stopped. */
  async run(startMs: number): Promise<Done> {
    await sleep(startMs - performance.now());
    // Timers may be a little early.
    while (performance.now() < startMs) await new Promise((resolve) => setImmediate(resolve));
    const busyBefore = busyMs();
    const schedule = this.#schedule = this.#plannedAt(performance.now());
    const sweep = setInterval(
      () => this.#expire(performance.now()),
      Math.max(1, Math.min(50, this.plan.timeoutMs / 8)),
    );
    try {
      if (!this.#stopped) await schedule.start(this.#slots);
    } finally {
      clearInterval(sweep);
    }
    for (const slot of this.#slots) slot.stop();
    if (this.#stopped) throw new Error("the load was stopped before its end");
    // What a running thread has used is noted when it comes to rest.
    await sleep(1);
    const wallMs = this.tally.lastMs - this.tally.firstMs;
    const workedMs = busyMs() - busyBefore - schedule.idleMs;
    const busy = wallMs > 0 ? Math.min(1, Math.max(0, workedMs / wallMs)) : 0;
    return { tally: this.tally, window: this.#window, busy, late: this.#open?.late };
  }

  stop(): void {
    this.#stopped = true;
    this.#schedule?.stop();
    for (const slot of this.#slots) slot.stop();
  }

  free(slot: Slot, nowMs: number, broken: boolean): void {
    this.#schedule?.free(slot, nowMs, broken);
  }

  heard(): void {
    this.#open?.worked();
  }

  #plannedAt(startMs: number): Schedule {
    const { rate, rampMs = 0, durationMs, timeoutMs } = this.plan;
    if (rate === undefined) {
      const window = this.#window = new Window(startMs + rampMs, durationMs);
      this.tally = new Tally({ window });
      return new ClosedLoop(window);
    }
    const { index, of } = this.#share;
    this.tally = new Tally({ limitMs: timeoutMs });
    return this.#open = new OpenLoop(
      { startMs, durationMs, timeoutMs, rate, index, of },
      this.tally,
    );
  }

  #expire(nowMs: number): void {
    this.#schedule?.expire(nowMs);
    for (const slot of this.#slots) slot.expire(nowMs);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
