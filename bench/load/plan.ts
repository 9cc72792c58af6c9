/** What load is put on, how much of it, and what came of it. */
import type { Slice } from "../model.ts";

/** What a right answer is. */
export type Expectation =
  /** A body of these bytes; lower-case hexadecimal. */
  | { readonly kind: "body"; readonly sha256: string; readonly bytes: number }
  /** A 301 whose Location is one of these URLs. */
  | { readonly kind: "redirect"; readonly locations: readonly string[] };

export interface LoadPlan {
  /** `http://HOST:PORT/PATH`; HOST is an IPv4 address. */
  readonly url: string;
  /** What the field Host says where that is not the URL's: a name that was looked up. */
  readonly authority?: string;
  readonly expect: Expectation;
  /** Requests in flight at once (closed loop), or at most (open loop). */
  readonly connections: number;
  /** Requests a second, at even distances; undefined for a closed loop. */
  readonly rate: number | undefined;
  /** False opens a connection for each request and asks the server to close it. */
  readonly keepAlive: boolean;
  /**
   * Follows a 301 to a second connection; `expect` is then of what that brings, and the phases are
   * `redirect` (opening, asking, the 301's end), `connect` and `body` (asking until the last byte).
   */
  readonly follow: boolean;
  /**
   * What counts. Open loop: how long requests are begun. Closed loop: transfers that end in a stretch
   * of this length, from the first end behind the ramp on; where none does, all of them count.
   */
  readonly durationMs: number;
  /** Closed loop: milliseconds from the start in which queues fill, and nothing counts; 0 if left out. */
  readonly rampMs?: number;
  /** Milliseconds until a request counts as failed; what is in flight at the end has so long too. */
  readonly timeoutMs: number;
}

/**
 * Requests served are told apart by the answer's field `X-Server`, where there is one. Failures and
 * mismatches are those of the whole load, its ramp and what was in flight at its end included.
 */
export interface LoadResult extends
  Pick<
    Slice,
    "wallMs" | "requests" | "bytes" | "latency" | "phases" | "failures" | "mismatch" | "servers"
  >,
  Required<Pick<Slice, "client">> {
  /** From the first start to the last end of all, whether or not they count. */
  readonly loadMs: number;
}

/** Worker processes that put load on servers, one plan at a time. */
export interface LoadGenerator {
  /** Rejects where a worker has died or the signal aborts; what the servers do wrong is in the result. */
  run(plan: LoadPlan, signal: AbortSignal): Promise<LoadResult>;
  /** Lets the workers end. */
  close(): Promise<void>;
}
