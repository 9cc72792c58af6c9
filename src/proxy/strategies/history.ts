/** The lab's Python selector inside the proxy: the server chosen least often, every second. */
import { byHistory } from "../choose.ts";
import type { StrategyContext } from "../strategies.ts";
import type { Strategy } from "../strategy.ts";
import { TimedChoice } from "../timed-choice.ts";

export const HISTORY_MS = 1000;

export function history(context: StrategyContext): Strategy {
  return new TimedChoice(context, byHistory, HISTORY_MS);
}
