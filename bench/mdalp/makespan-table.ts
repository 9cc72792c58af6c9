/** The figures of the makespans as text. */
import { median, pairedRatio } from "../statistics.ts";

export interface SplitFigures {
  readonly name: string;
  /** Packets of each receiver. */
  readonly packets: readonly number[];
  readonly makespansMs: readonly number[];
}

/** A line for each way to split: the measured makespans over the bound, N/S. */
export function splitTable(boundMs: number, splits: readonly SplitFigures[]): string {
  const lines = splits.map(({ name, packets, makespansMs }) => {
    const over = makespansMs.map((ms) => ms / boundMs);
    return `  ${name.padEnd(16)} ${packets.join("/").padEnd(12)} ` +
      `${seconds(median(makespansMs))}  ${spread(over, 3)}`;
  });
  const head = `  split            packets        median  over N/S: median (min..max)`;
  return [`without loss; N/S is ${seconds(boundMs).trim()}`, head, ...lines].join("\n");
}

/** A seed's transfer with each timeout. */
export interface SeedFigures {
  readonly seed: number;
  readonly fixed: Timed;
  readonly adaptive: Timed;
}

export interface Timed {
  readonly makespanMs: number;
  readonly retransmissions: number;
}

/** A line for each seed, then the summary and the ratio fixed/adaptive, which is above 1 for a gain. */
export function timeoutTable(seeds: readonly SeedFigures[]): string {
  const lines = seeds.map(({ seed, fixed, adaptive }) => {
    const ratio = (fixed.makespanMs / adaptive.makespanMs).toFixed(2).padStart(6);
    return `  ${String(seed).padStart(4)}  ${timed(fixed)}  ${timed(adaptive)}  ${ratio}`;
  });
  const fixed = seeds.map((one) => one.fixed.makespanMs);
  const adaptive = seeds.map((one) => one.adaptive.makespanMs);
  const ratios = fixed.map((ms, i) => ms / (adaptive[i] as number));
  const { low, high } = pairedRatio(fixed, adaptive);
  return [
    "  seed  fixed 3 s (again)  adaptive (again)   ratio",
    ...lines,
    `  fixed     ${spread(fixed.map((ms) => ms / 1000), 2)} s`,
    `  adaptive  ${spread(adaptive.map((ms) => ms / 1000), 2)} s`,
    `  fixed/adaptive ${spread(ratios, 2)}; the median's 95 % bootstrap interval ` +
    `${low.toFixed(2)}..${high.toFixed(2)}`,
  ].join("\n");
}

function timed({ makespanMs, retransmissions }: Timed): string {
  return `${seconds(makespanMs)} (${retransmissions})`.padEnd(16);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`.padStart(9);
}

/** `median (min..max)` */
function spread(values: readonly number[], digits: number): string {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)]
    .map((value) => value.toFixed(digits));
  return `${middle} (${least}..${most})`;
}
