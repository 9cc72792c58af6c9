/** A value of a metric for people. */
import type { Metric } from "../model.ts";
import { bytesText } from "../report/numbers.ts";

/** `12,345 requests/s`, `123 MB/s`, `1.04 x bound`, `3.36 s` */
export function showValue(metric: Metric, value: number): string {
  switch (metric) {
    case "request-rate":
      return `${grouped(value)} requests/s`;
    case "byte-rate":
      return `${bytesText(value)}/s`;
    case "latency-p99":
      return value < 10_000 ? `${value.toFixed(0)} us` : `${(value / 1000).toFixed(1)} ms`;
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
