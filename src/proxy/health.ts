/** Passive health: a server that failed rests, and comes back by one trial request at a time. */
import type { Upstream } from "./upstream.ts";

const REST_MS = 1000;
const MOST_REST_MS = 30_000;

/** After so long a trial without an outcome holds up the next one no more. */
const TRIAL_MS = 10_000;

export interface HealthOptions {
  /** The first rest, in ms (default 1000; 0 for none); each failed trial doubles it, up to 30 s. */
  readonly restMs?: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

interface Rest {
  lengthMs: number;
  untilMs: number;
  /** Requests in flight from before the rest: one more is a trial. */
  carried: number;
  trialSinceMs: number | undefined;
}

/** Knows which servers failed. It leaves their counts alone, and tells a trial by `inFlight`. */
export class Health {
  readonly #restMs: number;
  readonly #now: () => number;
  readonly #rests = new Map<Upstream, Rest>();

  constructor({ restMs = REST_MS, now }: HealthOptions) {
    this.#restMs = restMs;
    this.#now = now;
  }

  /** A connection or an answer of this server failed. */
  failed(upstream: Upstream): void {
    if (this.#restMs === 0) return;
    const now = this.#now();
    const rest = this.#rests.get(upstream);
    // What was under way when it failed fails too: that is one failure, not many.
    if (rest && now < rest.untilMs) return;
    const lengthMs = rest ? Math.min(2 * rest.lengthMs, MOST_REST_MS) : this.#restMs;
    this.#rests.set(upstream, {
      lengthMs,
      untilMs: now + lengthMs,
      carried: upstream.inFlight,
      trialSinceMs: undefined,
    });
  }

  /** This server answered. */
  succeeded(upstream: Upstream): void {
    if (this.#rests.size > 0) this.#rests.delete(upstream);
  }

  /** It failed and has not answered since. */
  resting(upstream: Upstream): boolean {
    return this.#rests.has(upstream);
  }

  /**
   * The servers that a request may go to: those that do not rest, without those that it has tried.
   * Where all of these rest they are all usable: an attempt is better than a certain 503.
   */
  usable(listed: readonly Upstream[], tried: readonly Upstream[]): readonly Upstream[] {
    if (this.#rests.size === 0 && tried.length === 0) return listed;
    const left = listed.filter((upstream) => !tried.includes(upstream));
    const awake = left.filter((upstream) => this.#awake(upstream));
    return awake.length > 0 ? awake : left;
  }

  #awake(upstream: Upstream): boolean {
    const rest = this.#rests.get(upstream);
    if (!rest) return true;
    const { inFlight } = upstream;
    const now = this.#now();
    rest.carried = Math.min(rest.carried, inFlight);
    if (now < rest.untilMs) return false;
    if (inFlight === rest.carried) {
      rest.trialSinceMs = undefined;
      return true;
    }
    rest.trialSinceMs ??= now;
    if (now - rest.trialSinceMs < TRIAL_MS) return false;
    rest.trialSinceMs = undefined;
    rest.carried = inFlight;
    return true;
  }
}
