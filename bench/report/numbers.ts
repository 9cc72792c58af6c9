/** Figures as people read them: three or so digits and a unit. */
import { METRICS } from "../model.ts";
import type { Metric } from "../model.ts";

/** How all values of one table or chart are written, so that they can be compared by eye. */
export interface Scale {
  readonly unit: string;
  /** What a value is divided by. */
  readonly by: number;
  /** Without the unit. */
  write(value: number): string;
}

const BYTES = [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"], [1, "bytes"]] as const;

/** For values of a metric whose greatest is `most`. */
export function scaleOf(metric: Metric, most: number): Scale {
  switch (metric) {
    case "request-rate":
      return scale(METRICS[metric].unit, 1, most);
    case "byte-rate": {
      // A table whose best is 2.1 GB/s is told in MB/s, or its worst would lose its digits.
      const [by, unit] = byteUnit(most / 10);
      return scale(`${unit}/s`, by, most);
    }
    case "latency-p99":
      return most < 1000 ? scale("us", 1, most) : scale("ms", 1000, most);
    case "makespan":
      return most < 1 ? scale("ms", 1e-3, most) : scale("s", 1, most);
    case "makespan-ratio":
      return { unit: METRICS[metric].unit, by: 1, write: (value) => grouped(value, 2) };
  }
}

function scale(unit: string, by: number, most: number): Scale {
  const digits = decimals(most / by);
  return { unit, by, write: (value) => grouped(value / by, digits) };
}

function byteUnit(bytes: number): readonly [number, string] {
  return BYTES.find(([by]) => bytes >= by) ?? [1, "bytes"];
}

/** So many that three digits are told, at least. */
function decimals(value: number): number {
  return value >= 100 ? 0 : value >= 10 ? 1 : 2;
}

function grouped(value: number, digits: number): string {
  return value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Microseconds as `123 µs`, `1.23 ms`, `2.31 s`. */
export function duration(us: number): string {
  const [by, unit] = us >= 1e6 ? [1e6, "s"] : us >= 1e3 ? [1e3, "ms"] : [1, "µs"];
  return `${grouped(us / by, by === 1 ? 0 : decimals(us / by))} ${unit}`;
}

/** Bytes as `1.23 GB`. */
export function bytesText(bytes: number): string {
  const [by, unit] = byteUnit(bytes);
  return `${grouped(bytes / by, by === 1 ? 0 : decimals(bytes / by))} ${unit}`;
}

export function countText(count: number): string {
  return count.toLocaleString("en-US");
}

/** A share of 1 as `33 %`; small ones are not told as none. */
export function percent(share: number): string {
  const hundredth = share * 100;
  if (hundredth === 0) return "0 %";
  return hundredth < 1
    ? `${hundredth < 0.01 ? "<0.01" : grouped(hundredth, 2)} %`
    : `${grouped(hundredth, 0)} %`;
}

interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** `2.10 (2.05..2.16)` */
export function intervalText(write: (value: number) => string, of: Interval): string {
  const [median, low, high] = [of.median, of.low, of.high].map(write);
  return `${median} (${low}..${high})`;
}

/** A ratio; without its interval where there is none. */
export function ratioText(ratio: Interval, hasInterval: boolean): string {
  const digits = Math.abs(ratio.median - 1) < 0.1 ? 3 : 2;
  const write = (one: number) => grouped(one, digits);
  return hasInterval ? intervalText(write, ratio) : write(ratio.median);
}
