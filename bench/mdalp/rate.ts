/** What the measured programs print, and the figures as text. */
import { compare } from "../rounds.ts";
import type { Rates } from "../rounds.ts";
import { median } from "../statistics.ts";

/** A program's last line is its rate; everything else is no measurement. */
export class NoRate extends Error {
  readonly code = "no-rate";
}

/** Reads a rate a second. */
export function readRate(output: string): number {
  const rate = /^(\d+)\n?$/.exec(output)?.[1];
  if (rate === undefined || Number(rate) === 0) {
    throw new NoRate(`no rate in what the client wrote: ${JSON.stringify(output.slice(0, 300))}`);
  }
  return Number(rate);
}

/** A line for each name, and its ratio to `to`: the median of the rounds' ratios, and their range. */
export function rateTable(rates: Rates, to?: string): string {
  const lines = [...rates].map(([name, values]) => {
    const figures = [median(values), Math.min(...values), Math.max(...values)];
    const [middle = "", low, high] = figures.map((rate) => rate.toFixed(0));
    const line = `  ${name.padEnd(8)} ${middle.padStart(7)}/s (${low}..${high})`;
    return to === undefined || name === to ? line : `${line.padEnd(44)} ${ratio(rates, name, to)}`;
  });
  return lines.join("\n");
}

function ratio(rates: Rates, name: string, to: string): string {
  const values = (of: string) => rates.get(of) ?? [];
  const ratios = values(name).map((rate, round) => rate / (values(to)[round] as number));
  const [found] = compare(rates, [name], [to]);
  const [middle, least, most, low, high] = [
    found?.ratio.median ?? NaN,
    Math.min(...ratios),
    Math.max(...ratios),
    found?.ratio.low ?? NaN,
    found?.ratio.high ?? NaN,
  ].map((number) => number.toFixed(2));
  return `${name}/${to} ${middle} (${least}..${most}), 95 % ${low}..${high}`;
}
