/** What won in each group and by how much, in a sentence; what cannot be told apart shares its place. */
import type { ComparisonResult, SetUpResult } from "../results.ts";
import { LEAST_ROUNDS } from "../statistics.ts";
import { held } from "./compare.ts";
import type { Held } from "./compare.ts";
import { factorText, isHigherBetter, nameOf } from "./sentences.ts";
import { showValue } from "./show-value.ts";

export function workloadSentence(
  setUps: readonly SetUpResult[],
  comparisons: readonly ComparisonResult[],
): string {
  const groups = [...new Set(setUps.map(({ group }) => group))];
  const said = groups.map((group) =>
    groupSentence(group, setUps.filter((setUp) => setUp.group === group), comparisons)
  );
  return said.filter((sentence) => sentence !== "").join(" ") || "Nothing was measured.";
}

type Call = (setUp: SetUpResult) => string;

function groupSentence(
  group: string,
  setUps: readonly SetUpResult[],
  comparisons: readonly ComparisonResult[],
): string {
  const limited = setUps.filter(({ bound }) => bound !== null).map(nameOf);
  const aside = limited.length === 0
    ? ""
    : ` Of ${listed(limited)} no figure is given: the load generator was the limit.`;
  const [best, ...others] = ranking(setUps);
  if (!best?.value) return aside && `${capital(group)}:${aside}`;
  const several = new Set(setUps.map(({ runtime }) => runtime)).size > 1;
  const call: Call = several ? nameOf : ({ name }) => name;
  const value = showValue(best.metric, best.value.median);
  const beginning = `${capital(group)}: ${limited.length > 0 ? "of those with a figure " : ""}`;
  if (others.length === 0) return `${beginning}${call(best)} came to ${value}.${aside}`;
  if (best.rounds.length < LEAST_ROUNDS) {
    const few = `${best.rounds.length} of the ${LEAST_ROUNDS} rounds that a verdict needs`;
    return `${beginning}${call(best)} had the best figure, ${value}, in ${few}.${aside}`;
  }
  const tied = others.filter((other) => !held(best, other).significant);
  const first = tied.length === 0
    ? `${call(best)} came first with ${value}`
    : `${listed([best, ...tied].map(call))} cannot be told apart at the head with up to ${value}`;
  const rivals = rivalsOf(best, others, comparisons).filter((rival) => !tied.includes(rival));
  return `${beginning}${first}${margin(best, rivals, call)}.${aside}`;
}

/** What the best is held against: what is not balanced, else peers, else whatever it was compared with. */
function rivalsOf(
  best: SetUpResult,
  others: readonly SetUpResult[],
  comparisons: readonly ComparisonResult[],
): SetUpResult[] {
  const own = comparisons.filter(({ setUp, to }) => setUp === best.id || to === best.id);
  const kind = own.find((one) => one.kind === "balance") ??
    own.find((one) => one.kind === "peer") ??
    own[0];
  const ids = new Set(
    own.filter((one) => one.kind === kind?.kind).flatMap(({ setUp, to }) => [setUp, to]),
  );
  return others.filter(({ id }) => ids.has(id));
}

/** How far the best of the rivals is behind, and the worst where there are several. */
function margin(best: SetUpResult, rivals: readonly SetUpResult[], call: Call): string {
  const [nearest] = rivals;
  const farthest = rivals.length > 1 ? rivals.at(-1) : undefined;
  const behind = [nearest, farthest].flatMap((rival) => {
    const text = rival && behindText(best, rival, call);
    return text ? [text] : [];
  });
  if (behind.length === 0) return "";
  return isHigherBetter(best) ? `, ${behind.join(", ")}` : `; ${behind.join(", ")}`;
}

/** A rate of the best over the rival's, a time of the rival over the best's: above 1. */
function behindText(best: SetUpResult, rival: SetUpResult, call: Call): string | undefined {
  const { ratio, pairs }: Held = isHigherBetter(best) ? held(best, rival) : held(rival, best);
  if (!ratio) return undefined;
  const factor = factorText(ratio, pairs);
  return isHigherBetter(best)
    ? `${factor} what ${call(rival)} did`
    : `${call(rival)} took ${factor} as long`;
}

/** Those with a figure of their own, the best first. */
export function ranking(setUps: readonly SetUpResult[]): SetUpResult[] {
  const measured = setUps.filter(({ value }) => value);
  const medianOf = ({ value }: SetUpResult) => value?.median ?? NaN;
  return measured.sort((a, b) =>
    isHigherBetter(a) ? medianOf(b) - medianOf(a) : medianOf(a) - medianOf(b)
  );
}

/** `a, b and c` */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
