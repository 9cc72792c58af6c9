/** Load from worker processes, which share connections and rate. */
import { performance } from "node:perf_hooks";
import { orAborted } from "../../src/mdalp/or-aborted.ts";
import { runtime } from "../../src/net/mod.ts";
import type { Runtime } from "../../src/net/mod.ts";
import type { Lifetime } from "../lifetime.ts";
import { startWorker } from "../process/lines.ts";
import type { Share } from "./load.ts";
import { mergeResults } from "./merge.ts";
import type { LoadGenerator, LoadPlan, LoadResult } from "./plan.ts";
import { plannedTransfers } from "./wall.ts";
import type { WorkerResult } from "./worker.ts";

/** By then every worker has heard when to begin. */
const NOTICE_MS = 3;

/** The workers run on this process' runtime unless another is named. */
export function startLoadGenerator(
  life: Lifetime,
  options: { workers: number; runtime?: Runtime },
): LoadGenerator & { readonly pids: readonly number[] } {
  const workers = Array.from(
    { length: options.workers },
    () => startWorker(life, options.runtime ?? runtime, "load"),
  );
  let last: Promise<unknown> = Promise.resolve();

  const load = async (plan: LoadPlan): Promise<LoadResult> => {
    const shares = shareOut(plan, workers.length);
    const used = workers.slice(0, shares.length);
    const all = <Result>(service: string, given: (at: number) => unknown) =>
      Promise.all(used.map((worker, at) => worker.call<Result>(service, given(at))));
    await all("prepare", (at) => shares[at]);
    const startMs = performance.timeOrigin + performance.now() + NOTICE_MS;
    return mergeResults(plan, await all<WorkerResult>("run", () => ({ startMs })));
  };

  return {
    pids: workers.map(({ pid }) => pid),
    run: async (plan, signal) => {
      // One that was aborted may still be stopping.
      await orAborted(signal, last.catch(() => {}));
      const running = last = load(plan);
      try {
        return await orAborted(signal, running);
      } catch (error) {
        for (const worker of workers) worker.call("stop", null).catch(() => {});
        throw error;
      }
    },
    close: () => {
      for (const worker of workers) worker.close();
      return Promise.resolve();
    },
  };
}

/** A plan that cannot be carried out. */
export class PlanError extends Error {
  readonly code = "load-plan";
}

/**
 * No more workers than connections, or than requests; where connections do not divide evenly, the
 * first workers have one more.
 */
export function shareOut(plan: LoadPlan, workers: number): Share[] {
  atLeast("workers", workers, 1);
  atLeast("connections", plan.connections, 1);
  atLeast("timeoutMs", plan.timeoutMs, 1);
  atLeast("durationMs", plan.durationMs, 0);
  atLeast("rampMs", plan.rampMs ?? 0, 0);
  if (plan.rate !== undefined) atLeast("rate", plan.rate, 0.001);
  const of = Math.min(workers, plan.connections, plannedTransfers(plan) ?? Infinity);
  return Array.from({ length: of }, (_, index) => {
    const connections = Math.floor((plan.connections - index - 1) / of) + 1;
    return { plan: { ...plan, connections }, index, of };
  });
}

function atLeast(name: string, value: number, least: number): number {
  if (value >= least && Number.isFinite(value)) return value;
  throw new PlanError(`${name} ${value} must be a number of at least ${least}`);
}
