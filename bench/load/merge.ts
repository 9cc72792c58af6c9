/** The results of several workers as one. */
import { decodeHistogram, mergeHistograms } from "../histogram.ts";
import type { LatencyHistogram } from "../histogram.ts";
import type { LoadResult } from "./plan.ts";
import type { WorkerResult } from "./worker.ts";

export function mergeResults(parts: readonly WorkerResult[]): LoadResult {
  const merged = (texts: readonly string[]) => mergeHistograms(texts.map(decodeHistogram));
  const lates = parts.flatMap(({ late }) => late === null ? [] : [late]);
  const mismatch = parts.find((part) => part.mismatch)?.mismatch;
  const names = [...new Set(parts.flatMap(({ phases }) => Object.keys(phases)))];
  const phases: Record<string, LatencyHistogram> = {};
  for (const name of names) {
    phases[name] = merged(parts.flatMap((part) => part.phases[name] ?? []));
  }
  return {
    wallMs: Math.max(...parts.map(({ lastMs }) => lastMs)) -
      Math.min(...parts.map(({ firstMs }) => firstMs)),
    requests: parts.reduce((sum, { requests }) => sum + requests, 0),
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    latency: merged(parts.map(({ latency }) => latency)),
    phases,
    failures: summed(parts.map(({ failures }) => failures)),
    servers: summed(parts.map(({ servers }) => servers)),
    ...(mismatch ? { mismatch } : {}),
    client: {
      busy: Math.max(...parts.map(({ busy }) => busy)),
      ...(lates.length > 0 ? { lateP99: merged(lates).getValueAtPercentile(99) } : {}),
    },
  };
}

function summed(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of parts.flatMap((part) => Object.entries(part))) {
    sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}
