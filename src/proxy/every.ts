/** A timer that repeats without drift: its ticks are whole intervals after the start. */

export interface TickClock {
  /** Milliseconds that never go back. */
  now(): number;
  /** Calls back once; returns how to call it off. */
  after(milliseconds: number, run: () => void): () => void;
}

const systemClock: TickClock = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Runs at each interval, first after one; returns how to stop. */
export function every(
  intervalMs: number,
  run: () => void,
  clock: TickClock = systemClock,
): () => void {
  const startMs = clock.now();
  let tick = 0;
  let cancel = () => {};
  const schedule = () => {
    const elapsedMs = clock.now() - startMs;
    // Ticks that a suspended or busy machine slept through are left out.
    tick = Math.max(tick, Math.floor(elapsedMs / intervalMs)) + 1;
    cancel = clock.after(tick * intervalMs - elapsedMs, () => {
      schedule();
      run();
    });
  };
  schedule();
  return () => cancel();
}
