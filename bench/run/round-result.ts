/** The stretches of a round as one result. */
import { encodeHistogram, latencyHistogram, mergeHistograms, summarize } from "../histogram.ts";
import type { LatencyHistogram } from "../histogram.ts";
import { isClientLimited } from "../load/saturation.ts";
import type { Metric, SetUp, Slice } from "../model.ts";
import type { LatencyResult, RoundResult } from "../results.ts";
import type { Sampled } from "./sample-round.ts";
import { sumCounts } from "./sum-counts.ts";

/** The failure of a body that ended early in the client's sight: no body may be wrong or short. */
export const CUT = "truncated";

/** When a set-up was measured. */
export interface Turn {
  /** From 1. */
  readonly round: number;
  readonly turn: number;
  /** Milliseconds since the run began. */
  readonly startedMs: number;
  /** Requests a second of the open loop. */
  readonly rate: number | undefined;
}

export function roundResult(
  setUp: SetUp,
  { slices, samplesMs }: Sampled,
  { rate, ...when }: Turn,
): RoundResult {
  const wallMs = sum(slices, (slice) => slice.wallMs);
  const requests = sum(slices, (slice) => slice.requests);
  const bytes = sum(slices, (slice) => slice.bytes);
  const failures = sumCounts(slices.map((slice) => slice.failures));
  const mismatch = slices.find((slice) => slice.mismatch)?.mismatch ?? null;
  const judged = requests + (rate === undefined ? 0 : stalled(failures));
  const reason = voidReason(judged, failures, mismatch !== null);
  const latency = latencyResult(slices.map((slice) => slice.latency));
  const client = clientOf(slices);
  const busiest = slices.flatMap(({ serverBusy }) => serverBusy === undefined ? [] : [serverBusy]);
  const serverBusy = busiest.length === 0 ? undefined : mean(busiest);
  return {
    ...when,
    wallMs,
    requests,
    bytes,
    value: reason ? null : valueOf(setUp.metric, slices, { wallMs, requests, bytes }),
    samplesMs: [...samplesMs],
    latency,
    phases: phasesOf(slices),
    failures,
    servers: sumCounts(slices.map((slice) => slice.servers ?? {})),
    counts: sumCounts(slices.map((slice) => slice.counts ?? {})),
    client: client ? { busy: client.busy, lateP99: client.lateP99 ?? null } : null,
    serverBusy: serverBusy ?? null,
    clientLimited: client !== undefined &&
      isClientLimited({ client, serverBusy, rate, latencyP99: latency.p99 }),
    outlier: false,
    void: reason ?? null,
    mismatch,
  };
}

/** Of an open loop, what was not answered in time: a round of nothing else is one of a server that stalls. */
function stalled({ timeout = 0, unsent = 0 }: Readonly<Record<string, number>>): number {
  return timeout + unsent;
}

function voidReason(
  requests: number,
  failures: Readonly<Record<string, number>>,
  mismatch: boolean,
): string | undefined {
  if (mismatch) return "a body came that is not what was asked for";
  const cut = failures[CUT] ?? 0;
  if (cut > 0) return `${cut} ${cut === 1 ? "body" : "bodies"} ended before the end`;
  if (requests > 0) return undefined;
  const kinds = Object.entries(failures).map(([kind, count]) => `${count} x ${kind}`).join(", ");
  return `no transfer came whole: ${kinds || "none was begun"}`;
}

function valueOf(
  metric: Metric,
  slices: readonly Slice[],
  whole: { wallMs: number; requests: number; bytes: number },
): number {
  switch (metric) {
    case "request-rate":
      return (whole.requests / whole.wallMs) * 1000;
    case "byte-rate":
      return (whole.bytes / whole.wallMs) * 1000;
    case "latency-p99":
      return summarize(mergeHistograms(slices.map(({ latency }) => latency))).p99;
    case "makespan":
    case "makespan-ratio":
      return mean(slices.flatMap(({ value }) => value === undefined ? [] : [value]));
  }
}

/** The lateness is that of all of the round's requests: a stretch may have few. */
function clientOf(slices: readonly Slice[]): { busy: number; lateP99?: number } | undefined {
  const clients = slices.flatMap(({ client }) => client ? [client] : []);
  if (clients.length === 0) return undefined;
  const late = clients.flatMap(({ late }) => late === undefined ? [] : [late]);
  const busy = mean(clients.map((client) => client.busy));
  return late.length === 0 ? { busy } : { busy, lateP99: summarize(mergeHistograms(late)).p99 };
}

function phasesOf(slices: readonly Slice[]): Record<string, LatencyResult> {
  const names = new Set(slices.flatMap(({ phases }) => Object.keys(phases ?? {})));
  return Object.fromEntries(Array.from(names, (name) => [
    name,
    latencyResult(slices.map(({ phases }) => phases?.[name] ?? latencyHistogram())),
  ]));
}

/** Several histograms as the result of one. */
export function latencyResult(parts: readonly LatencyHistogram[]): LatencyResult {
  const whole = mergeHistograms(parts);
  return { ...summarize(whole), histogram: encodeHistogram(whole) };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function mean(values: readonly number[]): number {
  return sum(values, (value) => value) / values.length;
}
