/**
 * What may be said of a set-up, for all formats: here it is decided that a figure which the client
 * was the limit of is no figure of the server, and what a round that is void leaves.
 */
import { METRICS } from "../model.ts";
import type { Metric } from "../model.ts";
import type {
  ComparisonResult,
  LatencyResult,
  Results,
  RoundResult,
  SetUpResult,
  WorkloadResult,
} from "../results.ts";
import { LEAST_ROUNDS } from "../statistics.ts";
import { bytesText, countText, intervalText, percent, ratioText, scaleOf } from "./numbers.ts";
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
  | { readonly kind: "client-limited"; readonly bound: number; readonly relation: ">=" | "<=" }
  | { readonly kind: "none" };

export function figureOf({ value, clientLimited, metric, rounds }: SetUpResult): Figure {
  if (value === null) return { kind: "none" };
  const { median, low, high } = value;
  if (!clientLimited) {
    const counted = rounds.filter((round) => round.value !== null).length;
    const interval = counted < LEAST_ROUNDS ? undefined : { low, high };
    return { kind: "estimate", median, interval };
  }
  const relation = METRICS[metric].better === "higher" ? ">=" : "<=";
  return { kind: "client-limited", bound: median, relation };
}

/** Of the server: null where the client was the limit or nothing was answered. */
export function latencyOf({ latency, clientLimited }: SetUpResult): LatencyResult | null {
  return clientLimited || latency.count === 0 ? null : latency;
}

export function figureText(figure: Figure, scale: Scale): string {
  switch (figure.kind) {
    case "none":
      return "no round counts";
    case "client-limited":
      return `client was the limit (${figure.relation} ${scale.write(figure.bound)})`;
    case "estimate": {
      const { median, interval } = figure;
      return interval ? intervalText(scale.write, { median, ...interval }) : scale.write(median);
    }
  }
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
    const most = Math.max(0, ...setUps.map(({ value }) => value?.high ?? 0));
    return { title: group, metric, scale: scaleOf(metric, most), setUps };
  });
}

export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** `16 timeout, 8 status 502 (0.04 %)` of the transfers begun; empty where nothing failed. */
export function failuresText({ failures, requests }: SetUpResult): string {
  const failed = total(failures);
  if (failed === 0) return "";
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

/** Empty where every round counts and none is far off: `7 of 8 rounds count, 1 outlier`. */
export function roundsText({ rounds }: SetUpResult): string {
  const counted = rounds.filter((round) => round.void === null).length;
  const outliers = rounds.filter(({ outlier }) => outlier).length;
  return [
    ...(counted === rounds.length ? [] : [`${counted} of ${plural(rounds.length, "round")} count`]),
    ...(outliers === 0 ? [] : [plural(outliers, "outlier")]),
  ].join(", ");
}

/** Whether a ratio of these two would be one of the client. */
export function isClientLimited(
  workload: WorkloadResult,
  { setUp, to }: ComparisonResult,
): boolean {
  return workload.setUps.some(({ id, clientLimited }) =>
    clientLimited && (id === setUp || id === to)
  );
}

/** What is told of a comparison, whatever the run wrote beside a figure of the client. */
export function comparisonText(workload: WorkloadResult, comparison: ComparisonResult): string {
  if (!isClientLimited(workload, comparison)) return comparison.sentence;
  return `${comparison.setUp} and ${comparison.to} are not compared: the client was the limit.`;
}

/** `2.10 (2.05..2.16)`, without an interval where too few pairs count, a dash where there is none. */
export function comparedText(workload: WorkloadResult, comparison: ComparisonResult): string {
  const { ratio, pairs } = comparison;
  if (ratio === null || isClientLimited(workload, comparison)) return "–";
  const { median } = ratio;
  return ratioText(pairs < LEAST_ROUNDS ? { median, low: median, high: median } : ratio);
}

/** Whether the two were told apart, and why not where that needs a reason. */
export function apartText(workload: WorkloadResult, comparison: ComparisonResult): string {
  if (comparison.ratio === null || isClientLimited(workload, comparison)) return "not compared";
  if (comparison.pairs < LEAST_ROUNDS) return "too few rounds";
  return comparison.significant ? "yes" : "no";
}

const KINDS: readonly ComparisonResult["kind"][] = ["balance", "peer", "runtime", "same"];

/** What was told apart first, and the question of balance before others. */
export function comparisonsOf(workload: WorkloadResult): ComparisonResult[] {
  const rank = (one: ComparisonResult) =>
    (one.significant ? 0 : KINDS.length) + KINDS.indexOf(one.kind);
  return [...workload.comparisons].sort((a, b) => rank(a) - rank(b));
}

/** How many bodies were checked, and whether all were right. */
export function verification({ workloads }: Results): string {
  const setUps = workloads.flatMap((one) => one.setUps).filter(({ bytes }) => bytes > 0);
  const bodies = setUps.reduce((sum, { requests }) => sum + requests, 0);
  const bytes = setUps.reduce((sum, one) => sum + one.bytes, 0);
  const wrong = workloads.flatMap((one) => one.setUps).flatMap(({ rounds }) => rounds)
    .filter(({ mismatch }) => mismatch !== null).length;
  const checked = bodies === 0
    ? "No body came to be checked"
    : `${plural(bodies, "body").replace("bodys", "bodies")}, ${
      bytesText(bytes)
    }, all SHA-256 checked`;
  if (wrong === 0) return `${checked}.`;
  const rounds = wrong === 1
    ? "In 1 round a body was wrong: it is"
    : `In ${wrong} rounds a body was wrong: they are`;
  return `${checked} in the rounds that count. ${rounds} void, and the run has failed.`;
}

const VOID_AT_MOST = 10;

/** The rounds that count for nothing, and why; of many the first ones. */
export function voidRounds(workload: WorkloadResult): string[] {
  const all = everyVoidRound(workload);
  const more = all.length - VOID_AT_MOST;
  return more <= 0
    ? all
    : [...all.slice(0, VOID_AT_MOST), `${workload.name}: ${plural(more, "more void round")}`];
}

function everyVoidRound(workload: WorkloadResult): string[] {
  return workload.setUps.flatMap(({ id, rounds }) =>
    rounds.flatMap((round) => {
      if (round.void === null) return [];
      const { mismatch } = round;
      const detail = mismatch === null ? "" : ` (${mismatchText(mismatch)})`;
      return [`${workload.name} ${id}, round ${round.round} is void: ${round.void}${detail}`];
    })
  );
}

/** That the run is not whole, and why, a line each; none where it is. */
export function incompleteLines({ complete, incomplete }: Results): string[] {
  if (complete) return [];
  const reasons = incomplete.length === 0 ? ["no reason was given"] : incomplete;
  return reasons.map((reason) => `incomplete: ${reason}`);
}

function mismatchText(mismatch: NonNullable<RoundResult["mismatch"]>): string {
  const { url, at, expectedBytes, expectedSha256, actualBytes, actualSha256 } = mismatch;
  const where = at === null ? "" : `, and differ from byte ${at} on`;
  return `${url}: ${actualBytes} bytes of SHA-256 ${actualSha256.slice(0, 12)}… came instead of ` +
    `${expectedBytes} of ${expectedSha256.slice(0, 12)}…${where}`;
}
