/** What a proxy has done so far, as numbers. */
import type { Health } from "./health.ts";
import type { Upstream } from "./upstream.ts";

export interface UpstreamUsage {
  /** `HOST:PORT`. */
  readonly address: string;
  /** As it was first given. */
  readonly label: string;
  /** Requests sent to it. */
  readonly requests: number;
  readonly inFlight: number;
  readonly failures: number;
  /** It failed and has not answered since. */
  readonly resting: boolean;
}

export interface Usage {
  readonly uptimeMs: number;
  readonly requests: number;
  readonly inFlight: number;
  readonly failures: number;
  readonly upstreams: readonly UpstreamUsage[];
}

/** A picture of this moment. */
export function usageOf(
  upstreams: readonly Upstream[],
  health: Pick<Health, "resting">,
  uptimeMs: number,
): Usage {
  const rows = upstreams.map((upstream) => ({
    address: upstream.name,
    label: upstream.label,
    requests: upstream.requests,
    inFlight: upstream.inFlight,
    failures: upstream.failures,
    resting: health.resting(upstream),
  }));
  const sum = (count: (row: UpstreamUsage) => number) =>
    rows.reduce((total, row) => total + count(row), 0);
  return {
    uptimeMs,
    requests: sum((row) => row.requests),
    inFlight: sum((row) => row.inFlight),
    failures: sum((row) => row.failures),
    upstreams: rows,
  };
}
