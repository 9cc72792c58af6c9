/** The strategies by name. A new one is a file in `strategies/` and a line here. */
import type { Log } from "../redirect/mod.ts";
import type { TickClock } from "./every.ts";
import { file } from "./strategies/file.ts";
import { history } from "./strategies/history.ts";
import { leastRequests } from "./strategies/least-requests.ts";
import { none } from "./strategies/none.ts";
import { peakEwma } from "./strategies/peak-ewma.ts";
import { powerOfTwo } from "./strategies/power-of-two.ts";
import { randomLoad } from "./strategies/random-load.ts";
import { random } from "./strategies/random.ts";
import { roundRobin } from "./strategies/round-robin.ts";
import type { Strategy } from "./strategy.ts";
import type { Upstream, UpstreamTable } from "./upstream.ts";

/** What a strategy may build on. */
export interface StrategyContext {
  /** The servers given at the start. */
  readonly listed: readonly Upstream[];
  /** Where a strategy finds servers that were not listed. */
  readonly table: UpstreamTable;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** For `file` (default: the lab's `/tmp/selected_server`). */
  readonly statePath?: string;
  /** For those that choose at times, in milliseconds (default: the lab's). */
  readonly intervalMs?: number;
  /** What those run by that choose at times (default: the system's). */
  readonly clock?: TickClock;
  readonly log: Log;
}

export const STRATEGIES = {
  file,
  none,
  "random-load": randomLoad,
  history,
  "round-robin": roundRobin,
  random,
  "least-requests": leastRequests,
  "power-of-two": powerOfTwo,
  "peak-ewma": peakEwma,
} satisfies Record<string, (context: StrategyContext) => Strategy>;

export type StrategyName = keyof typeof STRATEGIES;

export const STRATEGY_NAMES = Object.keys(STRATEGIES) as StrategyName[];

export function createStrategy(name: StrategyName, context: StrategyContext): Strategy {
  return STRATEGIES[name](context);
}
