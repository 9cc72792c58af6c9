/**
 * Measures a workload's set-ups in interleaved rounds. In each round each set-up is measured once, in
 * an order drawn anew, so that nothing that comes and goes on the machine meets the same one always.
 */
import { orAborted } from "../../src/mdalp/or-aborted.ts";
import { NetError } from "../../src/net/mod.ts";
import { Lifetime } from "../lifetime.ts";
import type { OpenWorkload, Plan, SequencePoint, SetUp, Workload } from "../model.ts";
import type { OpenOptions } from "../model.ts";
import type { RoundResult, WorkloadResult } from "../results.ts";
import { compareAll } from "./compare.ts";
import { LATE_ROUNDS } from "./budget.ts";
import { warmUpMs } from "./estimate.ts";
import { randomFor } from "./random.ts";
import { CUT, roundResult } from "./round-result.ts";
import { sampleRound } from "./sample-round.ts";
import { workloadSentence } from "./verdict.ts";
import { setUpResult } from "./set-up-result.ts";
import { shuffled } from "./shuffle.ts";
import { roundName, voidLine } from "./void-rounds.ts";

export interface WorkloadRun extends Omit<OpenOptions, "life"> {
  /** Ends the measurement where it is; what was measured stays. */
  readonly signal: AbortSignal;
  /** Asked before each round behind the first few; where it says so, the rounds until then are all. */
  isLate?(roundMs: number): boolean;
  /** Told before each set-up's turn. */
  onTurn?(turn: { readonly setUp: SetUp; readonly round: number }): void;
  /** Milliseconds on the run's clock. */
  now(): number;
}

export interface Measured {
  readonly result: WorkloadResult;
  /** Why something is missing, a line each. */
  readonly incomplete: readonly string[];
  /** Rounds that were left out, since it was late. */
  readonly leftOutRounds: number;
}

/** A set-up that died is measured no more; the others go on. */
export async function runWorkload(
  workload: Workload,
  plan: Plan,
  run: WorkloadRun,
): Promise<Measured> {
  const measurement = new Measurement(workload, plan, run);
  const life = new Lifetime("ignore");
  try {
    await measurement.measure(life);
  } finally {
    life.end();
  }
  const { incomplete, leftOutRounds } = measurement;
  return { result: measurement.result(), incomplete, leftOutRounds };
}

class Measurement {
  readonly incomplete: string[] = [];
  leftOutRounds = 0;
  readonly #workload: Workload;
  readonly #plan: Plan;
  readonly #run: WorkloadRun;
  readonly #rounds = new Map<string, RoundResult[]>();
  readonly #sequences = new Map<string, readonly SequencePoint[]>();
  readonly #dead = new Set<string>();

  constructor(workload: Workload, plan: Plan, run: WorkloadRun) {
    this.#workload = workload;
    this.#plan = plan;
    this.#run = run;
  }

  async measure(life: Lifetime): Promise<void> {
    const { signal } = this.#run;
    const { setUps, rounds } = this.#plan;
    if (signal.aborted) return this.#stopped(0);
    let open: OpenWorkload;
    try {
      open = await orAborted(signal, this.#workload.open(setUps, { ...this.#run, life }));
    } catch (error) {
      if (signal.aborted) return this.#stopped(0);
      this.incomplete.push(`${this.#workload.name} did not start: ${messageOf(error)}`);
      return;
    }
    const random = randomFor(this.#run.seed, `order of ${this.#workload.name}`);
    // Round 0 warms everything up and counts for nothing.
    let roundMs = 0;
    for (let round = 0; round <= rounds; round++) {
      if (round > LATE_ROUNDS && this.#run.isLate?.(roundMs)) {
        this.leftOutRounds = rounds - round + 1;
        break;
      }
      const begunMs = this.#run.now();
      for (const [i, setUp] of shuffled(setUps, random).entries()) {
        if (round === 0 && warmUpMs(this.#plan, setUp) === 0) continue;
        if (!this.#dead.has(setUp.id)) await this.#turn(open, setUp, round, i + 1);
        if (signal.aborted) return this.#stopped(round);
      }
      roundMs = this.#run.now() - begunMs;
    }
    this.#tellVoid();
  }

  /** A round that counts for nothing is missing, whatever the reason. */
  #tellVoid(): void {
    for (const [id, rounds] of this.#rounds) {
      const line = voidLine(this.#workload.name, { id, rounds });
      if (line !== undefined) this.incomplete.push(line);
    }
  }

  async #turn(open: OpenWorkload, setUp: SetUp, round: number, turn: number): Promise<void> {
    const { signal, rate, now, onTurn } = this.#run;
    onTurn?.({ setUp, round });
    const startedMs = now();
    const window = round === 0 ? warmUpMs(this.#plan, setUp) : this.#plan.windowMs;
    try {
      const sampled = await sampleRound(open, setUp, window, signal);
      const result = roundResult(setUp, sampled, { round, turn, startedMs, rate });
      // A wrong or a short body counts whenever it came.
      if (round === 0 && !result.mismatch && !result.failures[CUT]) return;
      this.#keep(setUp.id, result);
      const sequence = sampled.slices.find((slice) => slice.sequence)?.sequence;
      if (sequence && !this.#sequences.has(setUp.id)) this.#sequences.set(setUp.id, sequence);
    } catch (error) {
      if (signal.aborted) return;
      this.#dead.add(setUp.id);
      this.incomplete.push(
        `${this.#workload.name} ${setUp.id} ended in ${roundName(round)}: ${messageOf(error)}`,
      );
    }
  }

  #keep(id: string, result: RoundResult): void {
    const rounds = this.#rounds.get(id) ?? [];
    rounds.push(result);
    this.#rounds.set(id, rounds);
  }

  #stopped(round: number): void {
    this.#tellVoid();
    this.incomplete.push(`${this.#workload.name} was stopped in ${roundName(round)}`);
  }

  result(): WorkloadResult {
    const { setUps, comparisons, leftOut, rounds, windowMs } = this.#plan;
    const results = setUps.map((setUp) =>
      setUpResult(setUp, this.#rounds.get(setUp.id) ?? [], this.#sequences.get(setUp.id) ?? [])
    );
    const compared = compareAll(comparisons, results);
    return {
      name: this.#workload.name,
      summary: this.#workload.summary,
      windowMs,
      rounds: rounds - this.leftOutRounds,
      setUps: results,
      comparisons: compared,
      leftOut: [...leftOut],
      sentence: workloadSentence(results, compared),
    };
  }
}

function messageOf(error: unknown): string {
  if (error instanceof NetError) return `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
}
