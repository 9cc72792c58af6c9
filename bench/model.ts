/** What a workload is made of. A new workload is one file that exports one, and a line in `workloads/list.ts`. */
import type { Runtime } from "../src/net/mod.ts";
import type { LatencyHistogram } from "./histogram.ts";
import type { Lifetime } from "./lifetime.ts";

/** How much is measured: what `make bench` has in minutes, or all of it. */
export type Extent = "quick" | "full";

/** What the planning of a workload goes by. */
export interface PlanOptions {
  readonly extent: Extent;
  /** The runtimes that servers run on; undefined where the user named none. */
  readonly runtimes: readonly Runtime[] | undefined;
}

/** What one round of a set-up comes to. */
export const METRICS = {
  /** Answered requests over the wall time. */
  "request-rate": { unit: "requests/s", better: "higher", title: "requests per second" },
  /** Body bytes over the wall time. */
  "byte-rate": { unit: "bytes/s", better: "higher", title: "throughput" },
  /** Of an open loop: what one answer in a hundred took longer than, from its intended start. */
  "latency-p99": { unit: "us", better: "lower", title: "99th percentile of latency" },
  /** Wall time of a whole transfer over the shortest that the paths allow: 1 is perfect. */
  "makespan-ratio": { unit: "x bound", better: "lower", title: "makespan over its bound" },
  /** Wall time of a whole transfer. */
  "makespan": { unit: "s", better: "lower", title: "elapsed time" },
} as const;

export type Metric = keyof typeof METRICS;

/** One thing that is measured once in each round. */
export interface SetUp {
  /** Unique in its workload, stable between versions: `unequal/round-robin/bun`. `--only` picks by it. */
  readonly id: string;
  /** What stands together in one table and one chart: `three unequal upstreams`. */
  readonly group: string;
  /** Its row there: `round-robin`. */
  readonly name: string;
  /** What the measured server runs on; a peer's name for a program of others, if it is a known one. */
  readonly runtime: Runtime | Peer | "unknown";
  readonly metric: Metric;
  /** Whether the load is shared out; undefined where that is not the question. */
  readonly balanced: boolean | undefined;
  /** What else tells it from the others: sizes, losses, numbers of servers. */
  readonly parameters: Readonly<Record<string, string | number>>;
}

export type Peer = "nginx" | "haproxy" | "python3";

/** Two set-ups whose values are compared round by round. */
export interface PlannedComparison {
  readonly setUp: string;
  readonly to: string;
  /** What the two differ in. */
  readonly kind: "balance" | "runtime" | "peer" | "same";
}

/** What came of a short stretch of load on one set-up: tinybench's sample. */
export interface Slice {
  /** From the first intended start to the last end. */
  readonly wallMs: number;
  /** Transfers that came whole, with the right bytes. */
  readonly requests: number;
  /** Of their bodies. */
  readonly bytes: number;
  /**
   * Of each of these transfers, in microseconds from the intended start; of an open loop those that
   * failed too, with their time limit at least.
   */
  readonly latency: LatencyHistogram;
  /** Parts of a transfer, in microseconds: `redirect`, `connect`, `body`. */
  readonly phases?: Readonly<Record<string, LatencyHistogram>>;
  /** Transfers that failed and are known to have failed, by kind: `refused`, `reset`, `timeout`, `status 502`. */
  readonly failures: Readonly<Record<string, number>>;
  /** A body that came as if whole and is not what was asked for: voids the round, fails the run. */
  readonly mismatch?: Mismatch;
  /** Requests that each server answered, by its name. */
  readonly servers?: Readonly<Record<string, number>>;
  /** What the load generator says of itself; where there is none, nothing is near its limit. */
  readonly client?: ClientLoad;
  /** The busiest server process: its share of a core, waiting for one included, 0 to 1. */
  readonly serverBusy?: number;
  /** Instead of a rate: what the metric `makespan-ratio` or `makespan` comes to. */
  readonly value?: number;
  /** Other numbers worth a column, summed over a round: `retransmissions`. */
  readonly counts?: Readonly<Record<string, number>>;
  /** For a time-sequence chart; the first round's is kept. */
  readonly sequence?: readonly SequencePoint[];
}

export interface Mismatch {
  readonly url: string;
  readonly expectedBytes: number;
  readonly expectedSha256: string;
  readonly actualBytes: number;
  readonly actualSha256: string;
  /** The first byte that differs, from 0; null where no right body had been seen to compare with. */
  readonly at: number | null;
}

/** How close the load generator was to its own limit. */
export interface ClientLoad {
  /** Share of the wall time that its busiest worker ran or waited for a core, 0 to 1. */
  readonly busy: number;
  /** Open loop: from each intended start to when it was come to, in microseconds. */
  readonly late?: LatencyHistogram;
}

/** A data packet, sent or acknowledged. */
export interface SequencePoint {
  /** Milliseconds since the transfer began. */
  readonly ms: number;
  readonly receiver: string;
  readonly sequence: number;
  readonly kind: "sent" | "again" | "acked";
}

/** Servers and load generators of a workload, running. Ended by the lifetime that they were started in. */
export interface OpenWorkload {
  /**
   * Puts load on one set-up for about this long; never less than one whole transfer. Rejects where the
   * set-up is no longer there, with the reason.
   */
  sample(setUp: SetUp, forMs: number, signal: AbortSignal): Promise<Slice>;
}

/** What is not measured, and why: a program of others that is not there. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

export interface Plan {
  readonly setUps: readonly SetUp[];
  readonly comparisons: readonly PlannedComparison[];
  readonly leftOut: readonly LeftOut[];
  /** Rounds and milliseconds of a window that suit this workload at this extent. */
  readonly rounds: number;
  readonly windowMs: number;
  /**
   * The window of a set-up's warm-up, where just-in-time compilers need a longer one; 0 where others warm
   * up the same processes.
   */
  readonly warmUpMs?: (setUp: SetUp) => number;
  /** Milliseconds that the shortest turn of a set-up takes, where that may be more than a window. */
  readonly leastMs?: (setUp: SetUp) => number;
}

export interface OpenOptions {
  readonly life: Lifetime;
  readonly extent: Extent;
  readonly seed: number;
  /** Open loop at so many requests a second; undefined for a closed loop. */
  readonly rate: number | undefined;
}

export interface Workload {
  readonly name: string;
  /** One line for `--list`. */
  readonly summary: string;
  plan(options: PlanOptions): Plan;
  /** Starts what these set-ups need, and waits until it is there. */
  open(setUps: readonly SetUp[], options: OpenOptions): Promise<OpenWorkload>;
}
