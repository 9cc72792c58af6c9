/** Set-ups against each other, in pairs of the same round. */
import type { PlannedComparison } from "../model.ts";
import type { ComparisonResult, RoundResult, SetUpResult } from "../results.ts";
import { LEAST_ROUNDS, pairedRatio } from "../statistics.ts";
import { comparisonSentence } from "./sentences.ts";
import { statisticOf } from "./unanswered.ts";

/** Those whose two set-ups were both measured. */
export function compareAll(
  planned: readonly PlannedComparison[],
  setUps: readonly SetUpResult[],
): ComparisonResult[] {
  const byId = new Map(setUps.map((setUp) => [setUp.id, setUp]));
  return planned.flatMap(({ setUp, to, kind }) => {
    const [ours, theirs] = [byId.get(setUp), byId.get(to)];
    return ours && theirs ? [compareTwo(ours, theirs, kind)] : [];
  });
}

function compareTwo(
  ours: SetUpResult,
  theirs: SetUpResult,
  kind: PlannedComparison["kind"],
): ComparisonResult {
  const compared = held(ours, theirs);
  const sentence = comparisonSentence(ours, theirs, compared);
  return { setUp: ours.id, to: theirs.id, kind, ...compared, sentence };
}

/** The ratio of one to another one, and whether it tells them apart. */
export type Held = Pick<ComparisonResult, "ratio" | "pairs" | "significant">;

export function held(ours: SetUpResult, theirs: SetUpResult): Held {
  const pairs = pairsOf(ours, theirs);
  const ratio = ratioOf(pairs);
  const significant = ratio !== null && pairs.length >= LEAST_ROUNDS &&
    (ratio.low > 1 || ratio.high < 1);
  return { ratio, pairs: pairs.length, significant };
}

/** Null where an end of the interval is not known, as where both were not answered in time. */
function ratioOf(pairs: readonly [number, number][]): ComparisonResult["ratio"] {
  if (pairs.length === 0 || pairs.some(([one, other]) => one === Infinity && other === Infinity)) {
    return null;
  }
  const ratio = pairedRatio(pairs.map(([value]) => value), pairs.map(([, value]) => value));
  return ratio.low > 0 && Number.isFinite(ratio.high) ? ratio : null;
}

/**
 * The values of both in each round in which both count. Where the load generator was the limit, a
 * value is not the server's, and a ratio of it would compare the generator with itself.
 */
function pairsOf(ours: SetUpResult, theirs: SetUpResult): [number, number][] {
  if (!isFigure(ours) || !isFigure(theirs)) return [];
  const others = new Map(theirs.rounds.map((round) => [round.round, figureOf(theirs, round)]));
  return ours.rounds.flatMap((round): [number, number][] => {
    const [value, other] = [figureOf(ours, round), others.get(round.round) ?? null];
    return value === null || other === null || other === 0 ? [] : [[value, other]];
  });
}

function isFigure({ clientLimited, bound }: SetUpResult): boolean {
  return !clientLimited && bound === null;
}

function figureOf({ metric }: SetUpResult, round: RoundResult): number | null {
  return round.clientLimited ? null : statisticOf(metric, round);
}
