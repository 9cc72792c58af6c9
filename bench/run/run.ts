/** A whole run: each workload in turn, the machine before and after, all as one result. */
import { loadavg } from "node:os";
import type { Extent, Plan, SetUp, Workload } from "../model.ts";
import type { Results } from "../results.ts";
import { LEAST_ROUNDS } from "../statistics.ts";
import { busyWarnings, machineUse, ticks, useBetween } from "./busy-machine.ts";
import { lateness } from "./budget.ts";
import { environment } from "./environment.ts";
import { runWorkload } from "./run-workload.ts";

export interface RunOptions {
  readonly extent: Extent;
  readonly seed: number;
  /** Requests a second of the open loop; undefined for a closed one. */
  readonly rate: number | undefined;
  /** What the user typed. */
  readonly command: string;
  readonly signal: AbortSignal;
  /** Milliseconds that it may take, where it is planned to take less: else rounds are left out. */
  readonly budgetMs?: number;
  /** Milliseconds on any clock; another one in tests. */
  readonly clock?: () => number;
  /** Told before a workload's servers start. */
  onOpen?(workload: Workload): void;
  /** Told before each turn of a set-up; round 0 is the warm-up. */
  onTurn?(turn: TurnBegun): void;
}

export interface TurnBegun {
  readonly workload: Workload;
  readonly plan: Plan;
  readonly setUp: SetUp;
  readonly round: number;
}

/** A workload and what of it is measured. */
export interface Planned {
  readonly workload: Workload;
  readonly plan: Plan;
}

/** How long the machine is looked at before the first server starts. */
const LOOK_MS = 300;

/** What goes wrong in a workload is in the result; this rejects for the harness's own faults alone. */
export async function runBench(
  planned: readonly Planned[],
  options: RunOptions,
): Promise<Results> {
  const { signal, seed, rate, extent } = options;
  const started = new Date();
  const clock = options.clock ?? (() => performance.now());
  const startedAt = clock();
  const now = () => clock() - startedAt;
  const isLate = lateness(planned.map(({ plan }) => plan), options.budgetMs, now);
  const about = environment(programsOf(planned));
  const before = await machineUse(LOOK_MS);
  const ticksBefore = ticks();
  const workloads: Results["workloads"] = [];
  const incomplete: string[] = [];
  const slow: string[] = [];
  for (const [at, { workload, plan }] of planned.entries()) {
    if (!signal.aborted) options.onOpen?.(workload);
    const measured = await runWorkload(workload, plan, {
      extent,
      seed,
      rate,
      signal,
      now,
      ...(isLate ? { isLate: (roundMs: number) => isLate(at, roundMs) } : {}),
      onTurn: (turn) => options.onTurn?.({ workload, plan, ...turn }),
    });
    workloads.push(measured.result);
    incomplete.push(...measured.incomplete);
    if (measured.leftOutRounds > 0) slow.push(slowLine(workload, plan, measured.leftOutRounds));
  }
  if (planned.every(({ plan }) => plan.setUps.length === 0)) {
    incomplete.push("nothing was measured: no set-up can be started here");
  }
  const during = useBetween(ticksBefore, ticks());
  const after = signal.aborted ? undefined : await machineUse(LOOK_MS);
  return {
    schema: "steelyard/bench/1",
    command: options.command,
    seed,
    extent,
    rate: rate ?? null,
    started: started.toISOString(),
    durationMs: Math.round(now()),
    complete: incomplete.length === 0,
    incomplete,
    warnings: [
      ...busyWarnings(about.cores, { before, after, during, load: about.loadBefore[0] ?? 0 }),
      ...fewRounds(planned),
      ...slow,
      ...failedTransfers(workloads),
      ...sentNeedlessly(workloads),
    ],
    environment: { ...about, loadAfter: loadavg() },
    workloads,
  };
}

function programsOf(planned: readonly Planned[]): string[] {
  const all = planned.flatMap(({ plan }) => plan.setUps.map(({ runtime }) => runtime));
  return [...new Set(all)].filter((name) => name !== "unknown").sort();
}

function fewRounds(planned: readonly Planned[]): string[] {
  const few = planned.filter(({ plan }) => plan.rounds < LEAST_ROUNDS);
  if (few.length === 0) return [];
  const names = few.map(({ workload, plan }) => `${workload.name} ${plan.rounds}`).join(", ");
  return [
    `too few rounds for a 95 % interval, so that nothing is called significant: ${names}; ` +
    `--rounds ${LEAST_ROUNDS} or more`,
  ];
}

function slowLine({ name }: Workload, { rounds }: Plan, leftOut: number): string {
  const left = rounds - leftOut;
  const none = left < LEAST_ROUNDS ? ", too few for a 95 % interval" : "";
  return `${name}: ${left} of ${rounds} rounds were measured${none}, since this machine is too slow for ` +
    `all of them in the time of the quick extent; --rounds ${rounds} measures them all`;
}

/** Failures do not end a run, since a faulty server may be what is measured; they are not overlooked. */
function failedTransfers(workloads: Results["workloads"]): string[] {
  return workloads.flatMap(({ name, setUps }) =>
    setUps.flatMap(({ id, rounds, failures }) => {
      const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
      if (failed === 0) return [];
      // Of the void rounds too, whose failures are among these.
      const requests = rounds.reduce((sum, round) => sum + round.requests, 0);
      const kinds = Object.entries(failures).map(([kind, count]) => `${count} x ${kind}`);
      return [
        `${name} ${id}: ${failed} of ${requests + failed} transfers failed: ${kinds.join(", ")}`,
      ];
    })
  );
}

/** Of MDALP's packets, more than this share without need, and the makespan is the machine's. */
const MOST_NEEDLESS = 0.01;

/** A packet that is sent again though nothing lost it was late: by this machine, not by its path. */
function sentNeedlessly(workloads: Results["workloads"]): string[] {
  return workloads.flatMap(({ name, setUps }) =>
    setUps.flatMap(({ id, counts: { timeouts = 0, lost = 0, packets = 0 } }) =>
      timeouts - lost <= packets * MOST_NEEDLESS ? [] : [
        `${name} ${id}: ${
          timeouts - lost
        } of ${packets} packets were sent again though they were ` +
        "not lost: the machine was too busy for latencies that short",
      ]
    )
  );
}
