/** The lab's Bash selector inside the proxy: the least of random loads, every 5 seconds. */
import { byRandomLoad } from "../choose.ts";
import type { StrategyContext } from "../strategies.ts";
import type { Strategy } from "../strategy.ts";
import { TimedChoice } from "../timed-choice.ts";

export const RANDOM_LOAD_MS = 5000;

export function randomLoad(context: StrategyContext): Strategy {
  return new TimedChoice(context, byRandomLoad, RANDOM_LOAD_MS);
}
