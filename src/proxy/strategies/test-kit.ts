/** For the tests of the strategies: what they build on, with a clock that the test moves. */
import { ManualClock } from "../../mdalp/manual-clock.ts";
import { randomSource } from "../../redirect/mod.ts";
import type { StrategyContext } from "../strategies.ts";
import type { Strategy } from "../strategy.ts";
import { UpstreamTable } from "../upstream.ts";
import type { Upstream } from "../upstream.ts";

export interface Bench extends StrategyContext {
  readonly listed: readonly [Upstream, Upstream, ...Upstream[]];
  readonly clock: ManualClock;
}

/** So many servers, named `a`, `b` and so on; the same draws each time. */
export function bench(servers: number): Bench {
  const table = new UpstreamTable();
  const listed = Array.from("abcdefgh".slice(0, servers), (name) => table.at(`${name}:1`));
  const clock = new ManualClock();
  return {
    listed: listed as [Upstream, Upstream, ...Upstream[]],
    table,
    random: randomSource(7),
    now: () => clock.now(),
    clock,
    log: () => {},
  };
}

/** The names of the next picks, none of which is sent. */
export function picks(strategy: Strategy, usable: readonly Upstream[], count: number): string {
  return Array.from({ length: count }, () => strategy.pick(usable)?.host ?? "-").join("");
}

/** How often each server is picked. */
export function shares(
  strategy: Strategy,
  usable: readonly Upstream[],
  count: number,
): Map<string, number> {
  const found = new Map(usable.map(({ host }) => [host, 0]));
  for (const name of picks(strategy, usable, count)) found.set(name, (found.get(name) ?? 0) + 1);
  return found;
}
