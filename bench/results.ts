/**
 * What a run measured, as it is written: schema `steelyard/bench/1`. The JSON Schema is made from
 * this one and published as `bench/bench.schema.json`. An unknown field is an error.
 */
import * as v from "valibot";
import { METRICS } from "./model.ts";
import type { Metric } from "./model.ts";

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Amount = v.pipe(v.number(), v.minValue(0));
const Name = v.pipe(v.string(), v.minLength(1));
const Counts = v.record(v.string(), Count);
const MetricName = v.picklist(Object.keys(METRICS) as Metric[]);

/**
 * Microseconds; `histogram` is HdrHistogram's compressed base64. In an open loop requests that failed
 * are among these, with their time limit at least.
 */
const Latency = v.strictObject({
  count: Count,
  mean: Amount,
  min: Amount,
  p50: Amount,
  p90: Amount,
  p95: Amount,
  p99: Amount,
  p999: Amount,
  max: Amount,
  histogram: v.string(),
});

const Mismatch = v.strictObject({
  url: v.string(),
  expectedBytes: Count,
  expectedSha256: v.string(),
  actualBytes: Count,
  actualSha256: v.string(),
  at: v.nullable(Count),
});

/** One set-up in one round. */
const Round = v.strictObject({
  /** From 1; 0 is the warm-up, which is kept where a body in it was wrong or cut. */
  round: Count,
  /** Its turn in the round, from 1: the order is drawn anew for each round. */
  turn: Count,
  /** Milliseconds since the run began. */
  startedMs: Amount,
  wallMs: Amount,
  requests: Count,
  bytes: Count,
  /**
   * In the metric's unit; null where the round is void. A `latency-p99` is a lower bound where it falls
   * among the requests that failed.
   */
  value: v.nullable(Amount),
  /** tinybench's samples, sorted: milliseconds of wall time for one transfer. */
  samplesMs: v.array(Amount),
  latency: Latency,
  phases: v.record(v.string(), Latency),
  failures: Counts,
  servers: Counts,
  counts: v.record(v.string(), v.number()),
  client: v.nullable(v.strictObject({ busy: Amount, lateP99: v.nullable(Amount) })),
  serverBusy: v.nullable(Amount),
  /** The load generator was the limit, so that `value` is a lower bound of the server's rate. */
  clientLimited: v.boolean(),
  /** Far from the other rounds by the fences of Tukey's box plot; kept in every figure. */
  outlier: v.boolean(),
  /** Why it counts for nothing; null where it counts. */
  void: v.nullable(v.string()),
  mismatch: v.nullable(Mismatch),
});

/** A median over the rounds with the bounds of its 95 % bootstrap interval. */
const Estimate = v.strictObject({ median: v.number(), low: v.number(), high: v.number() });

const Sequence = v.array(v.strictObject({
  ms: Amount,
  receiver: v.string(),
  sequence: Count,
  kind: v.picklist(["sent", "again", "acked"]),
}));

const SetUpResult = v.strictObject({
  id: Name,
  group: Name,
  name: Name,
  runtime: Name,
  metric: MetricName,
  balanced: v.nullable(v.boolean()),
  parameters: v.record(v.string(), v.union([v.string(), v.number()])),
  rounds: v.array(Round),
  /** Null where no round counts, and where there is but a bound. */
  value: v.nullable(Estimate),
  /** The load generator was the limit in a quarter of the rounds or more: there is no figure of the server. */
  clientLimited: v.boolean(),
  /**
   * The median of what was seen, where that is no figure of the server: it does at least so much (a
   * rate) or takes at most so long (a time) where the load generator was the limit, and takes at least
   * so long where it was not, but too many requests of an open loop failed. Null elsewhere.
   */
  bound: v.nullable(Amount),
  /** Merged over the rounds that count, as are the following. */
  latency: Latency,
  phases: v.record(v.string(), Latency),
  requests: Count,
  bytes: Count,
  failures: Counts,
  servers: Counts,
  counts: v.record(v.string(), v.number()),
  sequence: Sequence,
});

const ComparisonResult = v.strictObject({
  setUp: Name,
  to: Name,
  kind: v.picklist(["balance", "runtime", "peer", "same"]),
  /** `setUp` over `to`, in pairs of the same round; null where no pair counts. */
  ratio: v.nullable(Estimate),
  pairs: Count,
  /** The interval leaves out 1, over enough rounds to have one. */
  significant: v.boolean(),
  /** In words: who won and by how much, or that nothing was told apart. */
  sentence: v.string(),
});

const WorkloadResult = v.strictObject({
  name: Name,
  summary: v.string(),
  windowMs: Amount,
  rounds: Count,
  setUps: v.array(SetUpResult),
  comparisons: v.array(ComparisonResult),
  leftOut: v.array(v.strictObject({ what: v.string(), why: v.string() })),
  /** What won and by how much. */
  sentence: v.string(),
});

const Loads = v.array(Amount);

const Environment = v.strictObject({
  cpu: v.string(),
  cores: Count,
  /** `performance`, or null where the system does not tell. */
  governor: v.nullable(v.string()),
  kernel: v.string(),
  memoryBytes: Count,
  /** Load averages over 1, 5 and 15 minutes. */
  loadBefore: Loads,
  loadAfter: Loads,
  /** Of each runtime and program that was measured or measures. */
  versions: v.record(v.string(), v.string()),
  /** What runs the measurement: `bun 1.4.5`. */
  runner: v.string(),
  /** Null outside of a git checkout; ends in `-dirty` where files were changed. */
  revision: v.nullable(v.string()),
  /** Of this suite. */
  version: v.string(),
});

const VerdictName = v.picklist(["better", "worse", "regression", "same", "unsure"]);

/** The run beside an older one, whose rounds are no pairs with its own. */
const Baseline = v.strictObject({
  /** Of the older run: ISO 8601, UTC. */
  started: v.string(),
  revision: v.nullable(v.string()),
  command: v.string(),
  /** The share by which a median may be worse and no regression. */
  tolerance: Amount,
  changes: v.array(v.strictObject({
    workload: Name,
    setUp: Name,
    metric: MetricName,
    before: Estimate,
    now: Estimate,
    /** The median now over the one before. */
    ratio: Estimate,
    /**
     * `same`: the interval of the ratio holds 1; `unsure`: too few rounds, or some whose value is no more
     * than a bound; `regression`: worse beyond the tolerance, and told apart.
     */
    verdict: VerdictName,
  })),
  /** What makes the comparison doubtful, or is missing in it, a line each. */
  notes: v.array(v.string()),
});

export const ResultsSchema = v.strictObject({
  schema: v.literal("steelyard/bench/1"),
  command: v.string(),
  seed: Count,
  extent: v.picklist(["quick", "full"]),
  /** Requests a second of the open loop; null for a closed one. */
  rate: v.nullable(Amount),
  /** ISO 8601, UTC. */
  started: v.string(),
  durationMs: Amount,
  /** False where the run was stopped or something died: what there is until then is kept. */
  complete: v.boolean(),
  /** Why it is not complete, a line each. */
  incomplete: v.array(v.string()),
  /** What lessens the trust in the figures, a line each: a busy machine, few rounds. */
  warnings: v.array(v.string()),
  environment: Environment,
  workloads: v.array(WorkloadResult),
  /** Only where `--baseline` named an older run. */
  baseline: v.optional(Baseline),
});

export type Results = v.InferOutput<typeof ResultsSchema>;
export type WorkloadResult = Results["workloads"][number];
export type SetUpResult = WorkloadResult["setUps"][number];
export type RoundResult = SetUpResult["rounds"][number];
export type ComparisonResult = WorkloadResult["comparisons"][number];
export type BaselineResult = NonNullable<Results["baseline"]>;
export type BaselineChange = BaselineResult["changes"][number];
export type LatencyResult = SetUpResult["latency"];
export type EnvironmentResult = Results["environment"];
