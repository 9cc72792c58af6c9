/**
 * What the proxy lab published: wrk with 4 threads and 50 connections for 30 s against a proxy before
 * two servers. Figures from its logs; comments in our words. Source: CO513 lab 2, tasks 1 to 4, E/19/446.
 */
export const PROXY_LAB_SOURCE = "proxy lab (CO513 lab 2, E/19/446, May 2025)";

/** The set-ups that it compares, by the names that it gives them. */
export const LAB_SET_UPS = ["No LB", "Bash LB", "AI LB"] as const;

export type LabSetUp = typeof LAB_SET_UPS[number];

export interface LabFigures {
  readonly setUp: LabSetUp;
  readonly requestsPerSecond: number;
  /** wrk's mean over the answers that came; timeouts are not in it. */
  readonly meanLatencyMs: number;
  readonly requests: number;
  readonly readErrors: number;
  readonly timeouts: number;
  readonly non2xx: number;
  /** By the proxy's log, on 172.28.1.11 and 172.28.1.12. */
  readonly served: readonly [number, number];
}

export const LAB_FIGURES: readonly LabFigures[] = [
  {
    setUp: "No LB",
    requestsPerSecond: 791.26,
    meanLatencyMs: 23.54,
    requests: 23783,
    readErrors: 0,
    timeouts: 6,
    non2xx: 0,
    served: [0, 23790],
  },
  {
    setUp: "Bash LB",
    requestsPerSecond: 388.12,
    meanLatencyMs: 9.23,
    requests: 11664,
    readErrors: 62,
    timeouts: 16,
    non2xx: 62,
    served: [6720, 4888],
  },
  {
    setUp: "AI LB",
    requestsPerSecond: 562.9,
    meanLatencyMs: 14.51,
    requests: 16912,
    readErrors: 9,
    timeouts: 14,
    non2xx: 9,
    served: [8262, 8651],
  },
];

/** Its results table: who did best, and what speaks for it. */
export const LAB_VERDICTS: readonly {
  readonly metric: string;
  readonly best: string;
  readonly comment: string;
}[] = [
  {
    metric: "Throughput",
    best: "No LB > AI LB > Bash LB",
    comment: "one server throughout, and nothing to choose",
  },
  {
    metric: "Latency",
    best: "Bash LB > AI LB > No LB",
    comment: "random loads moved requests between the servers; each queue stayed short",
  },
  {
    metric: "Reliability",
    best: "No LB > AI LB > Bash LB",
    comment: "each change of server cost some answers",
  },
  {
    metric: "Distribution",
    best: "AI LB > Bash LB >>> No LB",
    comment: "a choice by past counts evens them out",
  },
];
