/** The ordered log that all stand-ins of a case write: the evidence that rules are judged on. */

export interface LoggedEvent {
  /** Milliseconds since the case began. */
  readonly atMs: number;
  /** The stand-in, or `suite`. */
  readonly who: string;
  readonly what: string;
}

export class EventLog {
  readonly #began = performance.now();
  readonly events: LoggedEvent[] = [];
  readonly #waiting = new Set<() => void>();

  add(who: string, what: string): void {
    this.events.push({ atMs: performance.now() - this.#began, who, what });
    for (const check of this.#waiting) check();
  }

  /** Resolves true as soon as the condition holds, false after so many milliseconds. */
  waitFor(condition: () => boolean, milliseconds: number): Promise<boolean> {
    if (condition()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (held: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(held);
      };
      const check = () => {
        if (condition()) settle(true);
      };
      const timer = setTimeout(() => settle(condition()), milliseconds);
      this.#waiting.add(check);
    });
  }

  /** The events as lines: time, who, what; the middle of a long log is left out. */
  toString(): string {
    const lines = this.events.map(({ atMs, who, what }) =>
      `${(atMs / 1000).toFixed(3).padStart(8)} s  ${who}: ${what}`
    );
    if (lines.length <= 60) return lines.join("\n");
    const left = lines.length - 50;
    return [...lines.slice(0, 30), `  ... ${left} more events`, ...lines.slice(-20)].join("\n");
  }
}
