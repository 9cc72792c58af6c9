/**
 * What may be said of a set-up, for all formats: here it is decided that a figure which the client
 * was the limit of is no figure of the server, and what a round that is void leaves.
 */
import { METRICS } from "../model.ts";
import type { Metric } from "../model.ts";
import type { LatencyResult, RoundResult, SetUpResult, WorkloadResult } from "../results.ts";
import { isBound } from "../run/unanswered.ts";
import { LEAST_ROUNDS } from "../statistics.ts";
import { countText, duration, intervalText, percent, scaleOf } from "./numbers.ts";
import type { Scale } from "./numbers.ts";
import { plural } from "./text.ts";

/** What is known of a set-up's value, in the metric's unit. */
export type Figure =
  | {
    readonly kind: "estimate";
    readonly median: number;
    /** Undefined where there are too few rounds to have one. */
    readonly interval: { readonly low: number; readonly high: number } | undefined;
  }
  /** The server does at least (a rate) or at most (a time) so much. */
  | {
    readonly kind: "client-limited";
    /** Undefined where failed requests leave it open. */
    readonly bound: number | undefined;
    readonly relation: ">=" | "<=";
  }
  /** Of an open loop: too many requests failed to know more than that it takes at least so long. */
  | { readonly kind: "unanswered"; readonly bound: number }
  | { readonly kind: "none" };

export function figureOf(
  { value, bound, clientLimited, metric, rounds }: SetUpResult,
): Figure {
  const counted = rounds.filter((round) => round.value !== null).length;
  if (counted === 0) return { kind: "none" };
  if (clientLimited) {
    const relation = METRICS[metric].better === "higher" ? ">=" : "<=";
    return { kind: "client-limited", bound: bound ?? undefined, relation };
  }
  if (bound !== null) return { kind: "unanswered", bound };
  if (value === null) return { kind: "none" };
  const { median, low, high } = value;
  const interval = counted < LEAST_ROUNDS ? undefined : { low, high };
  return { kind: "estimate", median, interval };
}

/** Of the server: null where the client was the limit or nothing was answered. */
export function latencyOf({ latency, clientLimited }: SetUpResult): LatencyResult | null {
  return clientLimited || latency.count === 0 ? null : latency;
}

/** `1.2 ms`; `>= 10 s` where the percentile falls among requests that failed. */
export function percentileText(
  { metric, rounds }: SetUpResult,
  latency: LatencyResult,
  percentile: 50 | 99,
): string {
  const text = duration(latency[`p${percentile}`]);
  const counting = rounds.filter((round) => round.void === null);
  return isBound(percentile, metric, counting) ? `>= ${text}` : text;
}

export function figureText(figure: Figure, scale: Scale): string {
  switch (figure.kind) {
    case "none":
      return "no round counts";
    case "client-limited":
      return figure.bound === undefined
        ? "client was the limit"
        : `client was the limit (${figure.relation} ${scale.write(figure.bound)})`;
    case "unanswered":
      return `requests failed (>= ${scale.write(figure.bound)})`;
    case "estimate": {
      const { median, interval } = figure;
      return interval ? intervalText(scale.write, { median, ...interval }) : scale.write(median);
    }
  }
}

/** `6 rounds of at least 180 ms a set-up`: a transfer that has begun is measured to its end. */
export function measuredText({ rounds, windowMs }: WorkloadResult): string {
  return `${plural(rounds, "round")} of at least ${windowMs} ms a set-up`;
}

/** Set-ups of one table and one chart. */
export interface Group {
  readonly title: string;
  readonly metric: Metric;
  readonly scale: Scale;
  readonly setUps: readonly SetUpResult[];
}

/** In the order of the plan; set-ups of two metrics never stand together. */
export function groupsOf(workload: WorkloadResult): Group[] {
  const found = new Map<string, SetUpResult[]>();
  for (const setUp of workload.setUps) {
    const key = `${setUp.metric} ${setUp.group}`;
    found.set(key, [...found.get(key) ?? [], setUp]);
  }
  return [...found.values()].map((setUps) => {
    const { group, metric } = setUps[0] as SetUpResult;
    const highs = setUps.flatMap(({ value }) => value?.high ?? []);
    const most = Math.max(0, ...(highs.length > 0 ? highs : setUps.map(({ bound }) => bound ?? 0)));
    return { title: group, metric, scale: scaleOf(metric, most), setUps };
  });
}

export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** `16 timeout, 8 status 502 (0.04 %)` of the transfers begun; empty where nothing failed. */
export function failuresText({ failures, rounds }: SetUpResult): string {
  const failed = total(failures);
  if (failed === 0) return "";
  // Of the void rounds too, whose failures are among these.
  const requests = rounds.reduce((sum, round) => sum + round.requests, 0);
  const kinds = Object.entries(failures).filter(([, count]) => count > 0)
    .map(([kind, count]) => `${countText(count)} ${kind}`);
  return `${kinds.join(", ")} (${percent(failed / (failed + requests))})`;
}

/** Names of all servers that answered in a group, sorted: who answered first comes first in counts. */
export function serversOf({ setUps }: Group): string[] {
  return [...new Set(setUps.flatMap(({ servers }) => Object.keys(servers)))].sort();
}

/** Percents of what each of these servers answered: `60/30/10`; a dash for one that was not there. */
export function distributionText({ servers }: SetUpResult, names: readonly string[]): string {
  const all = total(servers);
  if (all === 0) return "";
  return names.map((name) => {
    const count = servers[name];
    return count === undefined ? "–" : percent(count / all).replace(" %", "");
  }).join("/");
}

/** Without the warm-up, round 0, which is kept only where something was wrong in it. */
export function measuredRounds({ rounds }: SetUpResult): RoundResult[] {
  return rounds.filter(({ round }) => round > 0);
}

/** Empty where every round counts and none is far off: `7 of 8 rounds count, 1 outlier`. */
export function roundsText(setUp: SetUpResult): string {
  const rounds = measuredRounds(setUp);
  const counted = rounds.filter((round) => round.void === null).length;
  const outliers = rounds.filter(({ outlier }) => outlier).length;
  return [
    ...(rounds.length === setUp.rounds.length ? [] : ["the warm-up is void"]),
    ...(counted === rounds.length ? [] : [`${counted} of ${plural(rounds.length, "round")} count`]),
    ...(outliers === 0 ? [] : [plural(outliers, "outlier")]),
  ].join(", ");
}
