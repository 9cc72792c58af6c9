/** What came of the requests of one worker. Times are milliseconds of `performance.now`. */
import { latencyHistogram, recordUs } from "../histogram.ts";
import type { LatencyHistogram } from "../histogram.ts";
import type { Mismatch } from "../model.ts";
import type { Right } from "./outcome.ts";
import type { Window } from "./window.ts";

/** Milliseconds of each part of a transfer. */
export type Phases = Readonly<Record<string, number>>;

export class Tally {
  requests = 0;
  bytes = 0;
  readonly latency: LatencyHistogram = latencyHistogram();
  readonly phases = new Map<string, LatencyHistogram>();
  readonly servers = new Map<string, number>();
  /** These count whenever they come. */
  readonly failures = new Map<string, number>();
  mismatch: Mismatch | undefined;
  /** Of all transfers: the first start, the first end and the last one. */
  firstMs = Infinity;
  firstEndMs = Infinity;
  lastMs = -Infinity;
  /** What is counted ended in the window; until something does, everything is counted. */
  inWindow = false;
  readonly #window: Window | undefined;
  readonly #limitMs: number | undefined;

  /**
   * Without a window, everything counts. With a time limit what failed counts in the latencies with
   * that at least: nobody knows when it would have been answered.
   */
  constructor({ window, limitMs }: { window?: Window; limitMs?: number } = {}) {
    this.#window = window;
    this.#limitMs = limitMs;
  }

  right({ bytes, server }: Right, startMs: number, endMs: number, phases?: Phases): void {
    if (!this.#ended(startMs, endMs)) return;
    this.requests++;
    this.bytes += bytes;
    recordUs(this.latency, (endMs - startMs) * 1000);
    if (server !== undefined) add(this.servers, server);
    for (const name in phases) this.#phase(name, phases[name] as number);
  }

  failed(why: string, startMs: number, endMs: number): void {
    add(this.failures, why);
    if (this.#limitMs !== undefined) {
      recordUs(this.latency, Math.max(this.#limitMs, endMs - startMs) * 1000);
    }
    this.#span(startMs, endMs);
    this.#window?.holds(endMs);
  }

  wrong(mismatch: Mismatch, startMs: number, endMs: number): void {
    this.mismatch ??= mismatch;
    this.#span(startMs, endMs);
    this.#window?.holds(endMs);
  }

  #phase(name: string, ms: number): void {
    let histogram = this.phases.get(name);
    if (!histogram) this.phases.set(name, histogram = latencyHistogram());
    recordUs(histogram, ms * 1000);
  }

  /** Whether it counts. */
  #ended(startMs: number, endMs: number): boolean {
    this.#span(startMs, endMs);
    if (!this.#window?.holds(endMs)) return !this.inWindow;
    if (!this.inWindow) this.#beginWindow();
    return true;
  }

  #beginWindow(): void {
    this.inWindow = true;
    this.requests = 0;
    this.bytes = 0;
    this.latency.reset();
    this.phases.clear();
    this.servers.clear();
  }

  #span(startMs: number, endMs: number): void {
    if (startMs < this.firstMs) this.firstMs = startMs;
    if (endMs < this.firstEndMs) this.firstEndMs = endMs;
    if (endMs > this.lastMs) this.lastMs = endMs;
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
