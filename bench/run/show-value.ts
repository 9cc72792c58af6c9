/** A value of a metric for people. */
import type { Metric } from "../model.ts";

/** `12,345 requests/s`, `123 MB/s`, `1.04 x bound`, `3.36 s` */
export function showValue(metric: Metric, value: number): string {
  switch (metric) {
    case "request-rate":
      return `${grouped(value)} requests/s`;
    case "byte-rate":
      return `${scaled(value)}B/s`;
    case "makespan-ratio":
      return `${value.toFixed(3)} x bound`;
    case "makespan":
      return `${value.toFixed(2)} s`;
  }
}

function grouped(value: number): string {
  const digits = value < 100 ? 1 : 0;
  return value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

function scaled(value: number): string {
  const steps = [[1e9, "G"], [1e6, "M"], [1e3, "k"]] as const;
  const [by, prefix] = steps.find(([least]) => value >= least) ?? [1, ""];
  return `${(value / by).toPrecision(3)} ${prefix}`;
}
