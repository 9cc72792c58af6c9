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
  #over = false;

  add(who: string, what: string): void {
    this.events.push({ atMs: performance.now() - this.#began, who, what });
    this.changed();
  }

  /** Looks at all conditions again: something that they ask about has changed without an event. */
  changed(): void {
    for (const check of this.#waiting) check();
  }

  /**
   * Resolves true as soon as the condition holds, false after so many milliseconds. Rejects when the
   * log is closed.
   */
  waitFor(condition: () => boolean, milliseconds: number): Promise<boolean> {
    const waiting = new Promise<boolean>((resolve, reject) => {
      const check = () => {
        if (this.#over) settle(() => reject(new Error("the case is over")));
        else if (condition()) settle(() => resolve(true));
      };
      const settle = (how: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        how();
      };
      const timer = setTimeout(() => settle(() => resolve(condition())), milliseconds);
      this.#waiting.add(check);
      check();
    });
    // A case that has failed may never look at what it waited for.
    waiting.catch(() => {});
    return waiting;
  }

  /** Ends all waiting: a case that was given up must not live on for minutes. */
  close(): void {
    this.#over = true;
    this.changed();
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
