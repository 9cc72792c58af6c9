/** What came of the requests of one worker. Times are milliseconds of `performance.now`. */
import { latencyHistogram, recordUs } from "../histogram.ts";
import type { LatencyHistogram } from "../histogram.ts";
import type { Mismatch } from "../model.ts";
import type { Right } from "./outcome.ts";

export class Tally {
  requests = 0;
  bytes = 0;
  readonly latency: LatencyHistogram = latencyHistogram();
  readonly phases = new Map<string, LatencyHistogram>();
  readonly failures = new Map<string, number>();
  readonly servers = new Map<string, number>();
  mismatch: Mismatch | undefined;
  firstMs = Infinity;
  lastMs = -Infinity;

  right({ bytes, server }: Right, startMs: number, endMs: number): void {
    this.requests++;
    this.bytes += bytes;
    recordUs(this.latency, (endMs - startMs) * 1000);
    if (server !== undefined) add(this.servers, server);
    this.#span(startMs, endMs);
  }

  phase(name: string, ms: number): void {
    let histogram = this.phases.get(name);
    if (!histogram) this.phases.set(name, histogram = latencyHistogram());
    recordUs(histogram, ms * 1000);
  }

  failed(why: string, startMs: number, endMs: number): void {
    add(this.failures, why);
    this.#span(startMs, endMs);
  }

  wrong(mismatch: Mismatch, startMs: number, endMs: number): void {
    this.mismatch ??= mismatch;
    this.#span(startMs, endMs);
  }

  #span(startMs: number, endMs: number): void {
    if (startMs < this.firstMs) this.firstMs = startMs;
    if (endMs > this.lastMs) this.lastMs = endMs;
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
