/** A run beside an older one. Their rounds are no pairs, so medians are compared, not ratios of rounds. */
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { otherConditions, otherParameters, unmatched } from "./baseline-notes.ts";
import { METRICS } from "./model.ts";
import { ResultsSchema } from "./results.ts";
import type { BaselineChange, BaselineResult, Results, SetUpResult } from "./results.ts";
import { isBoundRound } from "./run/unanswered.ts";
import { LEAST_ROUNDS, medianRatio } from "./statistics.ts";
import type { Estimate } from "./statistics.ts";

/** A baseline that cannot be read or is none. */
export class BaselineError extends Error {
  override readonly name = "BaselineError";
  readonly code = "baseline";
}

/** Throws a BaselineError that says what to do. */
export function readBaseline(path: string): Results {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new BaselineError(`--baseline ${path}: ${(error as Error).message}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new BaselineError(`--baseline ${path} is not JSON: ${(error as Error).message}`);
  }
  const read = v.safeParse(ResultsSchema, json);
  if (read.success) return read.output;
  const [issue] = read.issues;
  const where = v.getDotPath(issue) ?? "its top";
  throw new BaselineError(
    `--baseline ${path} holds no results of schema steelyard/bench/1: at ${where}: ` +
      `${issue.message}; give the bench.json of an earlier run`,
  );
}

export interface BaselineOptions {
  /** The share by which a value may be worse, 0.05 for 5 %. */
  readonly tolerance: number;
}

/** Each set-up that both runs have a figure of. */
export function compareToBaseline(
  current: Results,
  baseline: Results,
  { tolerance }: BaselineOptions,
): BaselineResult {
  const old = figuresOf(baseline);
  const now = figuresOf(current);
  const changes = [...now].flatMap(([what, figure]) => {
    const before = old.get(what);
    return before ? [change(figure, before, tolerance)] : [];
  });
  const { started, command, environment: { revision } } = baseline;
  const [ours, theirs] = [setUpsOf(now), setUpsOf(old)];
  return {
    started,
    revision,
    command,
    tolerance,
    changes,
    notes: [
      ...otherConditions(current, baseline),
      ...otherParameters(ours, theirs),
      ...unmatched(ours, theirs),
    ],
  };
}

export function regressionsOf({ changes }: BaselineResult): BaselineChange[] {
  return changes.filter(({ verdict }) => verdict === "regression");
}

interface Figure {
  readonly workload: string;
  readonly setUp: SetUpResult;
  readonly value: Estimate;
}

/** By workload and id; only those whose figure is the server's. */
function figuresOf({ workloads }: Results): Map<string, Figure> {
  return new Map(
    workloads.flatMap(({ name, setUps }) =>
      setUps.flatMap((setUp): [string, Figure][] => {
        const { id, value, clientLimited } = setUp;
        return value && !clientLimited ? [[`${name} ${id}`, { workload: name, setUp, value }]] : [];
      })
    ),
  );
}

function setUpsOf(figures: ReadonlyMap<string, Figure>): Map<string, SetUpResult> {
  return new Map([...figures].map(([what, { setUp }]) => [what, setUp]));
}

function change(now: Figure, before: Figure, tolerance: number): BaselineChange {
  const { workload, setUp } = now;
  const [ours, theirs] = [valuesOf(setUp), valuesOf(before.setUp)];
  const ratio = medianRatio(ours, theirs);
  const hasBound = ({ metric, rounds }: SetUpResult) =>
    rounds.some((round) => isBoundRound(metric, round));
  const enough = Math.min(ours.length, theirs.length) >= LEAST_ROUNDS &&
    !hasBound(setUp) && !hasBound(before.setUp);
  const verdict = enough ? verdictOf(setUp, ratio, tolerance) : "unsure";
  const { id, metric } = setUp;
  return { workload, setUp: id, metric, before: before.value, now: now.value, ratio, verdict };
}

/** A regression is significant, and by its median beyond what is tolerated. */
function verdictOf(
  { metric }: SetUpResult,
  ratio: Estimate,
  tolerance: number,
): BaselineChange["verdict"] {
  if (ratio.low <= 1 && ratio.high >= 1) return "same";
  const higherIsBetter = METRICS[metric].better === "higher";
  if (higherIsBetter ? ratio.median > 1 : ratio.median < 1) return "better";
  const beyond = higherIsBetter ? ratio.median < 1 - tolerance : ratio.median > 1 / (1 - tolerance);
  return beyond ? "regression" : "worse";
}

function valuesOf({ rounds }: SetUpResult): number[] {
  return rounds.flatMap(({ value }) => value === null ? [] : [value]);
}
