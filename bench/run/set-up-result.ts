/** What the rounds of a set-up come to. */
import { decodeHistogram } from "../histogram.ts";
import type { SequencePoint, SetUp } from "../model.ts";
import type { LatencyResult, RoundResult, SetUpResult } from "../results.ts";
import { median, medianEstimate, outliers } from "../statistics.ts";
import { latencyResult } from "./round-result.ts";
import { sumCounts } from "./sum-counts.ts";
import { statisticOf } from "./unanswered.ts";

/** Where the load generator was the limit of so many rounds, the others were near it. */
const MOST_LIMITED = 0.25;

export function setUpResult(
  setUp: SetUp,
  given: readonly RoundResult[],
  sequence: readonly SequencePoint[],
): SetUpResult {
  const rounds = markOutliers(given);
  const counting = rounds.filter((round) => round.void === null);
  const values = counting.map(({ value }) => value as number);
  const names = new Set(counting.flatMap(({ phases }) => Object.keys(phases)));
  const merged = (of: (round: RoundResult) => LatencyResult | undefined) =>
    latencyResult(counting.flatMap((round) => {
      const latency = of(round);
      return latency ? [decodeHistogram(latency.histogram)] : [];
    }));
  const limited = counting.filter((round) => round.clientLimited);
  const estimate = medianEstimate(
    counting.map((round) => statisticOf(setUp.metric, round) as number),
  );
  // Where an end of the interval is not known, the figure is not either.
  const isKnown = Number.isFinite(estimate.high);
  const clientLimited = counting.length > 0 && limited.length >= counting.length * MOST_LIMITED;
  return {
    ...setUp,
    balanced: setUp.balanced ?? null,
    rounds,
    value: isKnown && !clientLimited ? estimate : null,
    clientLimited,
    // Of what is at most one thing and at least another, nothing is known.
    bound: values.length > 0 && clientLimited === isKnown ? median(values) : null,
    latency: merged((round) => round.latency),
    phases: Object.fromEntries(
      Array.from(names, (name) => [name, merged((round) => round.phases[name])]),
    ),
    requests: counting.reduce((sum, round) => sum + round.requests, 0),
    bytes: counting.reduce((sum, round) => sum + round.bytes, 0),
    // Failures of a void round are what voided it: they are told too.
    failures: sumCounts(rounds.map((round) => round.failures)),
    servers: sumCounts(counting.map((round) => round.servers)),
    counts: sumCounts(counting.map((round) => round.counts)),
    sequence: [...sequence],
  };
}

function markOutliers(rounds: readonly RoundResult[]): RoundResult[] {
  const counting = rounds.filter(({ value }) => value !== null);
  const far = outliers(counting.map(({ value }) => value as number));
  const marked = new Set(counting.filter((_, i) => far[i]));
  return rounds.map((round) => ({ ...round, outlier: marked.has(round) }));
}
