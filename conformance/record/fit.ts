/** Holds a golden against both recordings of its exchange. */
import { mismatch } from "../engine/golden/match.ts";
import type { Golden, GoldenMessage, GoldenStep } from "../engine/golden/parse.ts";
import { RecordError } from "./error.ts";
import type { Pair } from "./twice.ts";

/** Why a message does not fit one of the recordings; undefined where it fits both. */
export function misfit(message: GoldenMessage, pair: Pair): string | undefined {
  return mismatch(message, pair[0].received, pair[0].values) ??
    mismatch(message, pair[1].received, pair[1].values);
}

/** As `misfit`; each recording may take its own alternative. */
export function stepMisfit(step: GoldenStep, pair: Pair): string | undefined {
  for (const { received, values } of pair) {
    const reasons = step.alternatives.map((message) => mismatch(message, received, values));
    if (!reasons.includes(undefined)) return reasons[0];
  }
  return undefined;
}

export function receiveSteps(golden: Golden): GoldenStep[] {
  return golden.steps.filter(({ direction }) => direction === "receive");
}

/** Throws a RecordError where a golden does not fit what it was made from. */
export function checkFit(golden: Golden, pairs: readonly Pair[]): void {
  for (const [i, step] of receiveSteps(golden).entries()) {
    const reason = stepMisfit(step, pairs[i] as Pair);
    if (reason === undefined) continue;
    throw new RecordError(
      "no-fit",
      `the golden as inferred does not fit its own recording: ${reason}; write it by hand`,
    );
  }
}
