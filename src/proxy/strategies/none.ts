/** No balancing: the first server, as in the lab without a selector, whatever becomes of it. */
import type { StrategyContext } from "../strategies.ts";
import type { Strategy } from "../strategy.ts";

export function none({ listed }: StrategyContext): Strategy {
  const [first] = listed;
  return { pick: () => first };
}
