/**
 * The stretch of a closed loop that counts. It begins and ends with the end of a transfer, as a count
 * over a stretch that cuts transfers off is too low: by one in thirteen where thirteen fit.
 */
export class Window {
  /** The first end behind the ramp. Milliseconds of `performance.now`, as all of these. */
  fromMs = Infinity;
  /** Transfers begin until then. */
  untilMs: number;
  readonly #rampEndMs: number;
  readonly #durationMs: number;
  #toMs = Infinity;

  constructor(rampEndMs: number, durationMs: number) {
    this.#rampEndMs = rampEndMs;
    this.#durationMs = durationMs;
    this.untilMs = rampEndMs + durationMs;
  }

  /** The first end that comes too late; where none does, all rest from a failure. */
  get toMs(): number {
    return this.#toMs === Infinity ? this.untilMs : this.#toMs;
  }

  /** Is told of every end in its order. Whether a transfer that ends now counts. */
  holds(nowMs: number): boolean {
    if (nowMs < this.#rampEndMs) return false;
    if (this.fromMs === Infinity) {
      this.fromMs = nowMs;
      // What began with the load and lasts longer than it is all there is.
      if (nowMs < this.untilMs) this.untilMs = nowMs + this.#durationMs;
    }
    if (nowMs < this.untilMs) return true;
    this.#toMs = Math.min(this.#toMs, nowMs);
    return false;
  }
}
