/** The server that a state file names, as a selector writes it; it alone decides. */
import type { StrategyContext } from "../strategies.ts";
import type { Strategy } from "../strategy.ts";
import type { Upstream } from "../upstream.ts";
import { watchState, watchStateParts } from "../watch-state.ts";

/** The lab's own. */
export const STATE_PATH = "/tmp/selected_server";

export function file(
  { table, statePath = STATE_PATH, log }: StrategyContext,
  parts: typeof watchStateParts = watchStateParts,
): Strategy {
  let current: Upstream | undefined;
  const watch = watchState(statePath, (address) => current = table.at(address), { log }, parts);
  return { pick: () => current, close: () => watch.close() };
}
