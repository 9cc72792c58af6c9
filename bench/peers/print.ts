/** The figures of one part, for people and for JSON. */
import { compare } from "../rounds.ts";
import type { Comparison, Rates } from "../rounds.ts";
import type { Server } from "./servers.ts";
import { median } from "../statistics.ts";

export interface Figures {
  readonly rates: Readonly<Record<string, readonly number[]>>;
  readonly comparisons: readonly Comparison[];
}

/** Prints the rates and the ratios, to the faster peer and to the other checkout. */
export function compareAndPrint(
  rates: Rates,
  own: readonly Server[],
  peers: readonly Server[],
  show: (rate: number) => string,
): Figures {
  for (const [name, values] of rates) {
    const range = `${show(Math.min(...values))}..${show(Math.max(...values))}`;
    console.log(`  ${name.padEnd(12)} median ${show(median(values)).padStart(7)}, ${range}`);
  }
  const names = own.map(({ name }) => name);
  const comparisons = compare(rates, names, peers.map(({ name }) => name));
  for (const name of names) {
    const before = `${name} before`;
    if (rates.has(before)) comparisons.push(...compare(rates, [name], [before]));
  }
  console.log("ratio of rates: median of the rounds' ratios, 95 % bootstrap interval");
  for (const { name, to, ratio } of comparisons) {
    const [middle, low, high] = [ratio.median, ratio.low, ratio.high].map((n) => n.toFixed(3));
    console.log(`  ${name.padEnd(12)} / ${to.padEnd(12)} ${middle} (${low}..${high})`);
  }
  return { rates: Object.fromEntries(rates), comparisons };
}
