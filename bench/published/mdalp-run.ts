/**
 * What the MDALP client's author published: 5,000 bytes in packets of 100 to three receivers, once in
 * each mode. Source: its documentation, section 5.3.
 */
export const MDALP_SOURCE = "MDALP client, section 5.3";

export interface PublishedTransfer {
  readonly mode: "Load balance" | "Non load balance";
  /** Null where all three have a share. */
  readonly server: string | null;
  readonly latencyMs: number | null;
  /** Infinity where one packet was never acknowledged. */
  readonly timeouts: number;
  /** Null where it failed. */
  readonly elapsedS: number | null;
}

export const PUBLISHED_TRANSFERS: readonly PublishedTransfer[] = [
  { mode: "Load balance", server: null, latencyMs: null, timeouts: 4, elapsedS: 26.246 },
  {
    mode: "Non load balance",
    server: "A",
    latencyMs: 335.148,
    timeouts: Infinity,
    elapsedS: null,
  },
  { mode: "Non load balance", server: "B", latencyMs: 162.844, timeouts: 2, elapsedS: 48.364 },
  { mode: "Non load balance", server: "C", latencyMs: 156.857, timeouts: 4, elapsedS: 53.899 },
];
