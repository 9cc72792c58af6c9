/** Any server, each as likely as the others. */
import type { StrategyContext } from "../strategies.ts";
import type { Strategy } from "../strategy.ts";

export function random({ random: draw }: StrategyContext): Strategy {
  return { pick: (usable) => usable[Math.floor(draw() * usable.length)] };
}
