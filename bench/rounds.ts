/** Interleaved rounds: in each, every subject is measured once, one after the other. */
import { median, pairedRatio } from "./statistics.ts";
import type { Estimate } from "./statistics.ts";

/** A name's values, one for each round. */
export type Rates = ReadonlyMap<string, readonly number[]>;

/** What is measured. */
export interface Subject {
  readonly name: string;
}

/**
 * Measures each subject once in each round; each round begins with another one, so that none has
 * the same neighbour's traces always before it. One unmeasured round warms all of them up.
 */
export async function interleave<One extends Subject>(
  subjects: readonly One[],
  rounds: number,
  measure: (subject: One) => Promise<number>,
): Promise<Rates> {
  const rates = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (const subject of subjects) await measure(subject);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const subject = subjects[(round + turn) % subjects.length] as One;
      rates.get(subject.name)?.push(await measure(subject));
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
