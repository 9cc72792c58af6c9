/** Rounds as a run would give them: drawn from a seed, with histograms of latencies in them. */
import { randomSource } from "../../src/redirect/mod.ts";
import {
  decodeHistogram,
  encodeHistogram,
  latencyHistogram,
  mergeHistograms,
  recordUs,
  summarize,
} from "../histogram.ts";
import type { LatencyHistogram } from "../histogram.ts";
import type { LatencyResult, RoundResult, SetUpResult } from "../results.ts";
import { median, medianEstimate } from "../statistics.ts";

/** What a made set-up is like. */
export interface Likeness {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly runtime: string;
  readonly metric: SetUpResult["metric"];
  readonly balanced?: boolean;
  readonly parameters?: SetUpResult["parameters"];
  readonly rounds: number;
  /** About what each round comes to. */
  readonly value: number;
  readonly bytesEach: number;
  readonly requests: number;
  /** The median, in microseconds. */
  readonly latencyUs: number;
  readonly phases?: Readonly<Record<string, number>>;
  readonly servers?: Readonly<Record<string, number>>;
  readonly failures?: Readonly<Record<string, number>>;
  readonly counts?: Readonly<Record<string, number>>;
  readonly sequence?: SetUpResult["sequence"];
  readonly clientLimited?: boolean;
  readonly changed?: (round: RoundResult) => RoundResult;
}

const WINDOW_MS = 400;
const RECORDED = 600;

export function makeSetUp(like: Likeness): SetUpResult {
  const random = randomSource(like.id.length * 7919 + Math.round(like.latencyUs));
  const rounds = Array.from({ length: like.rounds }, (_, i) => {
    const round = makeRound(like, i + 1, random);
    return like.changed?.(round) ?? round;
  });
  const counted = rounds.filter((round) => round.value !== null);
  const values = counted.map(({ value }) => value as number);
  return {
    id: like.id,
    group: like.group,
    name: like.name,
    runtime: like.runtime,
    metric: like.metric,
    balanced: like.balanced ?? null,
    parameters: like.parameters ?? {},
    rounds,
    value: values.length === 0 || like.clientLimited ? null : medianEstimate(values),
    clientLimited: like.clientLimited ?? false,
    bound: like.clientLimited ? median(values) : null,
    latency: merged(counted.map(({ latency }) => latency)),
    phases: Object.fromEntries(
      Object.keys(like.phases ?? {}).map((name) => [
        name,
        merged(counted.map(({ phases }) => phases[name] as LatencyResult)),
      ]),
    ),
    requests: total(counted.map(({ requests }) => requests)),
    bytes: total(counted.map(({ bytes }) => bytes)),
    failures: summed(counted.map(({ failures }) => failures)),
    servers: summed(counted.map(({ servers }) => servers)),
    counts: summed(counted.map(({ counts }) => counts)),
    sequence: [...like.sequence ?? []],
  };
}

/** The same before its first round. */
export function emptied(setUp: SetUpResult): SetUpResult {
  const nothing = { requests: 0, bytes: 0, phases: {}, failures: {}, servers: {}, counts: {} };
  return {
    ...setUp,
    ...nothing,
    rounds: [],
    value: null,
    bound: null,
    sequence: [],
    latency: merged([]),
  };
}

function makeRound(like: Likeness, round: number, random: () => number): RoundResult {
  const swing = 1 + (random() - 0.5) * 0.06;
  const requests = like.requests < 10 ? like.requests : Math.round(like.requests * swing);
  const share = (of: number) => Math.round(of * requests);
  const wallMs = like.metric.startsWith("makespan") ? like.value * 1000 * swing : WINDOW_MS;
  return {
    round,
    turn: 1 + Math.floor(random() * 4),
    startedMs: round * 5000 + Math.round(random() * 1000),
    wallMs,
    requests,
    bytes: requests * like.bytesEach,
    value: like.value * swing,
    samplesMs: Array.from({ length: 4 }, (_, i) => wallMs / requests * (0.97 + i * 0.02)),
    latency: drawn(like.latencyUs / swing, random),
    phases: Object.fromEntries(
      Object.entries(like.phases ?? {}).map(([name, us]) => [name, drawn(us, random)]),
    ),
    failures: { ...like.failures },
    servers: Object.fromEntries(
      Object.entries(like.servers ?? {}).map(([name, of]) => [name, share(of)]),
    ),
    counts: { ...like.counts },
    client: { busy: like.clientLimited ? 0.97 : 0.55, lateP99: null },
    serverBusy: like.clientLimited ? 0.62 : 0.98,
    clientLimited: like.clientLimited ?? false,
    outlier: false,
    void: null,
    mismatch: null,
  };
}

/** Most near the median, a tail of some slow ones. */
function drawn(medianUs: number, random: () => number): LatencyResult {
  const histogram = latencyHistogram();
  for (let i = 0; i < RECORDED; i++) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const slow = random() < 0.02 ? 3 : 1;
    recordUs(histogram, medianUs * slow * Math.exp(0.25 * normal));
  }
  return written(histogram);
}

function written(histogram: LatencyHistogram): LatencyResult {
  return { ...summarize(histogram), histogram: encodeHistogram(histogram) };
}

function merged(parts: readonly LatencyResult[]): LatencyResult {
  return written(mergeHistograms(parts.map(({ histogram }) => decodeHistogram(histogram))));
}

function summed(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const part of parts) {
    for (const [name, count] of Object.entries(part)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
