/** A run beside an older one. Their rounds are no pairs, so medians are compared, not ratios of rounds. */
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { otherConditions, otherParameters, unmatched } from "./baseline-notes.ts";
import { METRICS } from "./model.ts";
import { ResultsSchema } from "./results.ts";
import type { Results, SetUpResult } from "./results.ts";
import { LEAST_ROUNDS, medianRatio } from "./statistics.ts";
import type { Estimate } from "./statistics.ts";
import { showValue } from "./run/show-value.ts";

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

export interface Change {
  /** `proxy unequal/round-robin/bun` */
  readonly what: string;
  /** The new median over the old one. */
  readonly ratio: Estimate;
  readonly verdict: "better" | "worse" | "regression" | "same" | "unsure";
  readonly sentence: string;
}

export interface BaselineComparison {
  readonly changes: readonly Change[];
  readonly regressions: readonly Change[];
  /** Set-ups that only one of the two has figures for, and what else makes the comparison doubtful. */
  readonly notes: readonly string[];
}

/** Each set-up that both runs have a figure of. */
export function compareToBaseline(
  current: Results,
  baseline: Results,
  { tolerance }: BaselineOptions,
): BaselineComparison {
  const old = figuresOf(baseline);
  const now = figuresOf(current);
  const changes = [...now].flatMap(([what, setUp]) => {
    const before = old.get(what);
    return before ? [change(what, setUp, before, tolerance)] : [];
  });
  return {
    changes,
    regressions: changes.filter(({ verdict }) => verdict === "regression"),
    notes: [
      ...otherConditions(current, baseline),
      ...otherParameters(now, old),
      ...unmatched(now, old),
    ],
  };
}

/** By workload and id; only those whose figure is the server's. */
function figuresOf(results: Results): Map<string, SetUpResult> {
  return new Map(
    results.workloads.flatMap(({ name, setUps }) =>
      setUps.filter(({ value, clientLimited }) => value && !clientLimited)
        .map((setUp): [string, SetUpResult] => [`${name} ${setUp.id}`, setUp])
    ),
  );
}

function change(what: string, now: SetUpResult, before: SetUpResult, tolerance: number): Change {
  const [ours, theirs] = [valuesOf(now), valuesOf(before)];
  const ratio = medianRatio(ours, theirs);
  const enough = Math.min(ours.length, theirs.length) >= LEAST_ROUNDS;
  const verdict = enough ? verdictOf(now, ratio, tolerance) : "unsure";
  const show = (setUp: SetUpResult) => showValue(setUp.metric, setUp.value?.median ?? NaN);
  const [middle, low, high] = [ratio.median, ratio.low, ratio.high].map((n) => n.toFixed(3));
  const sentence = `${verdict.padEnd(10)} ${what}: ${show(before)} then, ${show(now)} now: ` +
    `${middle} times (${low}..${high})`;
  return { what, ratio, verdict, sentence };
}

/** A regression is significant, and by its median beyond what is tolerated. */
function verdictOf({ metric }: SetUpResult, ratio: Estimate, tolerance: number): Change["verdict"] {
  if (ratio.low <= 1 && ratio.high >= 1) return "same";
  const higherIsBetter = METRICS[metric].better === "higher";
  if (higherIsBetter ? ratio.median > 1 : ratio.median < 1) return "better";
  const beyond = higherIsBetter ? ratio.median < 1 - tolerance : ratio.median > 1 / (1 - tolerance);
  return beyond ? "regression" : "worse";
}

function valuesOf({ rounds }: SetUpResult): number[] {
  return rounds.flatMap(({ value }) => value === null ? [] : [value]);
}
