/** The selector: names the proxy's server in the state file, again at each interval. */
import type { Log } from "../redirect/mod.ts";
import { byHistory, byRandomLoad } from "./choose.ts";
import type { Choose } from "./choose.ts";
import { every } from "./every.ts";
import { StateFileError, writeState } from "./state-file.ts";
import { HISTORY_MS } from "./strategies/history.ts";
import { RANDOM_LOAD_MS } from "./strategies/random-load.ts";

export type SelectorKind = "random" | "history";

export const SELECTOR_KINDS: readonly SelectorKind[] = ["random", "history"];

export const SELECTOR_INTERVAL_MS: Readonly<Record<SelectorKind, number>> = {
  random: RANDOM_LOAD_MS,
  history: HISTORY_MS,
};

export interface SelectorOptions {
  readonly kind: SelectorKind;
  /** Addresses, written as they are given; at least one. */
  readonly servers: readonly string[];
  readonly statePath: string;
  /** Milliseconds between two choices (default: the lab's, 5000 at random, 1000 by history). */
  readonly intervalMs?: number;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  /** Called with what has been written. */
  readonly onPick?: (selection: Selection) => void;
}

export interface Selection {
  readonly address: string;
  /** One for each server, where it was chosen by loads. */
  readonly loads?: readonly number[];
}

/** What a selector is made of; another part changes one thing that it does. */
export interface SelectorParts {
  readonly choose: Readonly<Record<SelectorKind, Choose>>;
  /** Puts an address into the state file; throws a StateFileError. */
  readonly write: (path: string, address: string) => void;
  /** Runs at each interval, first after one; returns how to stop. */
  readonly schedule: (intervalMs: number, run: () => void) => () => void;
}

export const selectorParts: SelectorParts = {
  choose: { random: byRandomLoad, history: byHistory },
  write: writeState,
  schedule: every,
};

export interface Selector {
  /** Writes no more; the file keeps its last address. */
  close(): void;
}

/**
 * Writes the first choice before it returns. A later one that cannot be written is logged once and
 * does not count; the next interval tries again.
 *
 * @throws {StateFileError} where the first choice cannot be written.
 */
export function startSelector(
  options: SelectorOptions,
  parts: SelectorParts = selectorParts,
): Selector {
  const { kind, servers, statePath, random, log } = options;
  const picks = servers.map(() => 0);
  let failing = false;

  const select = () => {
    const { index, loads } = parts.choose[kind](picks, random);
    const address = servers[index] as string;
    parts.write(statePath, address);
    picks[index] = (picks[index] as number) + 1;
    if (failing) log("writing-again", { path: statePath });
    failing = false;
    options.onPick?.({ address, ...(loads ? { loads } : {}) });
  };

  select();
  const stop = parts.schedule(options.intervalMs ?? SELECTOR_INTERVAL_MS[kind], () => {
    try {
      select();
    } catch (error) {
      if (!(error instanceof StateFileError)) throw error;
      if (!failing) log("not-written", { path: statePath, reason: error.message });
      failing = true;
    }
  });
  return { close: stop };
}
