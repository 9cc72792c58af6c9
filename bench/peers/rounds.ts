/** Interleaved rounds: in each, every server is measured once, one after the other. */
import type { Server } from "./servers.ts";
import { median, pairedRatio } from "./statistics.ts";
import type { Estimate } from "./statistics.ts";

/** A name's values, one for each round. */
export type Rates = ReadonlyMap<string, readonly number[]>;

/**
 * Measures each server once in each round; each round begins with another one, so that none has
 * the same neighbour's traces always before it. One unmeasured round warms all of them up.
 */
export async function interleave(
  servers: readonly Server[],
  rounds: number,
  measure: (server: Server) => Promise<number>,
): Promise<Rates> {
  const rates = new Map(servers.map(({ name }) => [name, [] as number[]]));
  for (const server of servers) await measure(server);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < servers.length; turn++) {
      const server = servers[(round + turn) % servers.length] as Server;
      rates.get(server.name)?.push(await measure(server));
    }
  }
  return rates;
}

export interface Comparison {
  readonly name: string;
  readonly to: string;
  readonly ratio: Estimate;
}

/** Each name against another one, by default the one of `peers` that has the higher median. */
export function compare(rates: Rates, names: readonly string[], peers: readonly string[]) {
  const values = (name: string) => rates.get(name) ?? [];
  const [fastest = ""] = [...peers].sort((a, b) => median(values(b)) - median(values(a)));
  return names.map((name): Comparison => ({
    name,
    to: fastest,
    ratio: pairedRatio(values(name), values(fastest)),
  }));
}
