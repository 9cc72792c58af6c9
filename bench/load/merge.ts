/** The results of several workers as one. */
import { decodeHistogram, mergeHistograms } from "../histogram.ts";
import type { LatencyHistogram } from "../histogram.ts";
import type { LoadPlan, LoadResult } from "./plan.ts";
import { loadMs, wallMs } from "./wall.ts";
import type { WorkerResult } from "./worker.ts";

export function mergeResults(plan: LoadPlan, all: readonly WorkerResult[]): LoadResult {
  const inWindow = all.filter(({ window }) => window !== null);
  // Of a worker in whose window nothing ended, nothing counts where something ended in another's.
  const parts = inWindow.length > 0 ? inWindow : all;
  const lates = all.flatMap(({ late }) => late === null ? [] : [late]);
  const mismatch = all.find((part) => part.mismatch)?.mismatch;
  const names = [...new Set(parts.flatMap(({ phases }) => Object.keys(phases)))];
  const phases: Record<string, LatencyHistogram> = {};
  for (const name of names) {
    phases[name] = merged(parts.flatMap((part) => part.phases[name] ?? []));
  }
  return {
    wallMs: wallMs(plan, parts),
    loadMs: loadMs(all),
    requests: parts.reduce((sum, { requests }) => sum + requests, 0),
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    latency: merged(parts.map(({ latency }) => latency)),
    phases,
    failures: summed(all.map(({ failures }) => failures)),
    servers: summed(parts.map(({ servers }) => servers)),
    ...(mismatch ? { mismatch } : {}),
    client: {
      busy: Math.max(...all.map(({ busy }) => busy)),
      ...(lates.length > 0 ? { late: merged(lates) } : {}),
    },
  };
}

function merged(texts: readonly string[]): LatencyHistogram {
  return mergeHistograms(texts.map(decodeHistogram));
}

function summed(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of parts.flatMap((part) => Object.entries(part))) {
    sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}
