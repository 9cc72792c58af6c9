/** What won and by how much, in words. */
import { METRICS } from "../model.ts";
import type { ComparisonResult, SetUpResult } from "../results.ts";
import { LEAST_ROUNDS } from "../statistics.ts";
import type { Estimate } from "../statistics.ts";
import { showValue } from "./show-value.ts";

type Compared = Pick<ComparisonResult, "ratio" | "pairs" | "significant">;

/** `round-robin on bun`, so that it cannot be taken for another one. */
export function nameOf({ name, runtime }: SetUpResult): string {
  if (runtime === "unknown") return name;
  return name.toLowerCase().includes(runtime) ? name : `${name} on ${runtime}`;
}

export function comparisonSentence(
  ours: SetUpResult,
  theirs: SetUpResult,
  { ratio, pairs, significant }: Compared,
): string {
  const [one, other] = distinct(ours, theirs);
  const where = ours.group === theirs.group ? ` (${ours.group})` : "";
  if (ours.clientLimited || theirs.clientLimited) {
    const limited = ours.clientLimited ? one : other;
    return `${one} and ${other} are not compared${where}: the load generator was the limit of ` +
      `${limited}.`;
  }
  if (!ratio) return `${one} and ${other} are not compared${where}: no round counts for both.`;
  const said = isHigherBetter(ours)
    ? `${one} had ${factorText(ratio, pairs)} the ${METRICS[ours.metric].title} of ${other}${where}`
    : `${one} took ${factorText(ratio, pairs)} as long as ${other}${where}`;
  if (significant) return `${said}.`;
  if (pairs < LEAST_ROUNDS) {
    return `${said}, in ${pairs} of the ${LEAST_ROUNDS} rounds that an interval needs.`;
  }
  return `${one} and ${other} cannot be told apart${where}: ratio ${factorText(ratio, pairs)}.`;
}

/** The name alone, unless that would be the same for both. */
function distinct(ours: SetUpResult, theirs: SetUpResult): [string, string] {
  if (ours.runtime === theirs.runtime && ours.name !== theirs.name) return [ours.name, theirs.name];
  return [nameOf(ours), nameOf(theirs)];
}

function isHigherBetter({ metric }: SetUpResult): boolean {
  return METRICS[metric].better === "higher";
}

/** `2.31 times (2.20..2.42)`; of too few pairs there is no interval. */
export function factorText({ median, low, high }: Estimate, pairs: number): string {
  const digits = Math.abs(median - 1) < 0.1 ? 3 : 2;
  if (pairs < LEAST_ROUNDS) return `${median.toFixed(digits)} times`;
  return `${median.toFixed(digits)} times (${low.toFixed(digits)}..${high.toFixed(digits)})`;
}

/** For each group what came first, and how far what it is held against was behind. */
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

function groupSentence(
  group: string,
  setUps: readonly SetUpResult[],
  comparisons: readonly ComparisonResult[],
): string {
  const limited = setUps.filter((setUp) => setUp.bound !== null).map(nameOf);
  const aside = limited.length === 0
    ? ""
    : ` Of ${limited.join(" and ")} no figure is given: the load generator was the limit.`;
  const [best] = ranking(setUps);
  if (!best?.value) return aside && `${capital(group)}:${aside}`;
  const several = new Set(setUps.map(({ runtime }) => runtime)).size > 1;
  const call = several ? nameOf : ({ name }: SetUpResult) => name;
  const among = limited.length === 0 ? "" : "of those with a figure of their own ";
  const first = `${capital(group)}: ${among}${call(best)} came first with ` +
    showValue(best.metric, best.value.median);
  return `${first}${margin(best, setUps, comparisons, call)}.${aside}`;
}

/** Against what is not balanced, else against a peer, else against whatever it was compared with. */
function margin(
  best: SetUpResult,
  setUps: readonly SetUpResult[],
  comparisons: readonly ComparisonResult[],
  call: (setUp: SetUpResult) => string,
): string {
  const against = comparisons.filter(({ setUp, to, ratio }) =>
    ratio && (setUp === best.id || to === best.id)
  );
  const told = against.find(({ kind }) => kind === "balance") ??
    against.find(({ kind }) => kind === "peer") ?? against[0];
  const otherId = told?.setUp === best.id ? told.to : told?.setUp;
  const other = setUps.find(({ id }) => id === otherId);
  if (!told?.ratio || !other) return "";
  // A rate of the best over the other, a time of the other over the best: above 1 where it won.
  const ratio = (told.setUp === best.id) === isHigherBetter(best)
    ? told.ratio
    : inverse(told.ratio);
  if (!told.significant) {
    const why = told.pairs < LEAST_ROUNDS
      ? `too few rounds to hold that against ${call(other)}`
      : `${call(other)} cannot be told apart from it`;
    return `; ${why} (ratio ${factorText(ratio, told.pairs)})`;
  }
  if (isHigherBetter(best)) return `, ${factorText(ratio, told.pairs)} what ${call(other)} did`;
  return `; ${call(other)} took ${factorText(ratio, told.pairs)} as long`;
}

function inverse({ median, low, high }: Estimate): Estimate {
  return { median: 1 / median, low: 1 / high, high: 1 / low };
}

/** Those with a figure of their own, the best first. */
export function ranking(setUps: readonly SetUpResult[]): SetUpResult[] {
  const measured = setUps.filter(({ value, clientLimited }) => value && !clientLimited);
  const medianOf = ({ value }: SetUpResult) => value?.median ?? NaN;
  return measured.sort((a, b) =>
    isHigherBetter(a) ? medianOf(b) - medianOf(a) : medianOf(a) - medianOf(b)
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
