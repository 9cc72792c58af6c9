/** Signals during a measurement: the first one ends it in order. */
import process from "node:process";
import { printError } from "./role-command.ts";
import { EXIT } from "./usage.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What ends in order is over by then; before, a second Ctrl-C is only an impatient one. */
const PATIENCE_MS = 3000;

export interface Stop {
  readonly signal: AbortSignal;
  /** Leaves signals to the system again. */
  end(): void;
}

/** Listens until `end`, so that files are written in peace after a signal too. */
export function stopOnSignal(): Stop {
  const stop = new AbortController();
  let firstMs = Infinity;
  const onSignal = (name: NodeJS.Signals) => {
    if (performance.now() - firstMs > PATIENCE_MS) process.exit(EXIT.incomplete);
    if (stop.signal.aborted) return;
    firstMs = performance.now();
    stop.abort(new Error(`stopped by ${name}`));
    printError(`${name}: stopping; what was measured until now is kept`);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: stop.signal,
    end: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
