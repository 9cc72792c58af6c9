/** The four metrics of the proxy lab, as they are taken from our rounds. */
import { METRICS } from "../model.ts";
import { serversOf, total } from "../report/figures.ts";
import type { Group } from "../report/figures.ts";
import { duration, percent } from "../report/numbers.ts";
import type { RoundResult } from "../results.ts";

export interface Measure {
  readonly metric: string;
  readonly better: "higher" | "lower";
  readonly what: string;
  /** Whether the client's own limit spoils it. */
  readonly isOfServer: boolean;
  of(round: RoundResult): number;
  write(value: number): string;
}

/** Without the distribution where there is but one server. */
export function measuresOf(group: Group): Measure[] {
  const { metric, scale } = group;
  const servers = serversOf(group);
  return [
    {
      metric: "Throughput",
      better: METRICS[metric].better,
      what: scale.unit,
      isOfServer: true,
      of: ({ value }) => value as number,
      write: scale.write,
    },
    {
      metric: "Latency",
      better: "lower",
      what: "mean",
      isOfServer: true,
      of: ({ latency }) => latency.mean,
      write: duration,
    },
    {
      metric: "Reliability",
      better: "lower",
      what: "failed",
      isOfServer: false,
      of: ({ failures, requests }) => total(failures) / Math.max(1, total(failures) + requests),
      write: percent,
    },
    ...(servers.length < 2 ? [] : [{
      metric: "Distribution",
      better: "lower" as const,
      what: "by the busiest server",
      isOfServer: false,
      of: (round: RoundResult) =>
        Math.max(...Object.values(round.servers)) / Math.max(1, total(round.servers)),
      write: percent,
    }]),
  ];
}
