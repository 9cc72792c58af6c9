/** Servers whose end is noticed while they are measured. */
import { ProgramError } from "../lifetime.ts";

export interface Watched {
  /** For people: `server a on bun`. */
  readonly name: string;
  readonly pid: number;
  /** Aborted when the process has ended, with a ProgramError that tells how. */
  readonly died: AbortSignal;
}

export class Watch {
  readonly name: string;
  readonly #died = new AbortController();

  constructor(name: string) {
    this.name = name;
  }

  get died(): AbortSignal {
    return this.#died.signal;
  }

  /** To be called with what a Lifetime says of the end. */
  readonly failed = (error: Error): void => {
    this.#died.abort(new ProgramError(`${this.name} is gone: ${endsOf(error.message)}`));
  };
}

/** The first line, which tells how a program ended, and the last one that it wrote. */
function endsOf(message: string): string {
  const lines = message.split("\n");
  const told = lines.length === 1 ? message : `${lines[0]} ... ${lines.at(-1)}`;
  return told.replace(/: $/, "");
}
