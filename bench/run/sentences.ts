/** What won and by how much, in words. */
import { METRICS } from "../model.ts";
import type { ComparisonResult, SetUpResult } from "../results.ts";
import { LEAST_ROUNDS } from "../statistics.ts";
import type { Estimate } from "../statistics.ts";
import { showValue } from "./show-value.ts";

type Compared = Pick<ComparisonResult, "ratio" | "pairs" | "significant">;

/** `round-robin` on Bun, so that it cannot be taken for another one. */
export function nameOf({ name, runtime }: SetUpResult): string {
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
  const factor = factorText(ratio);
  if (pairs < LEAST_ROUNDS) {
    return `${one} had ${factor} the ${titleOf(ours)} of ${other}${where} in ${pairs} of the ` +
      `${LEAST_ROUNDS} rounds that an interval needs.`;
  }
  if (!significant) {
    return `${one} and ${other} cannot be told apart${where}: ratio ${factor}.`;
  }
  return `${one} had ${factor} the ${titleOf(ours)} of ${other}${where}.`;
}

/** The name alone, unless both have the same one. */
function distinct(ours: SetUpResult, theirs: SetUpResult): [string, string] {
  if (ours.runtime === theirs.runtime && ours.name !== theirs.name) return [ours.name, theirs.name];
  return [nameOf(ours), nameOf(theirs)];
}

function titleOf({ metric }: SetUpResult): string {
  return METRICS[metric].title;
}

/** `2.31 times (2.20..2.42)` */
export function factorText({ median, low, high }: Estimate): string {
  const digits = Math.abs(median - 1) < 0.1 ? 3 : 2;
  return `${median.toFixed(digits)} times (${low.toFixed(digits)}..${high.toFixed(digits)})`;
}

/** The best of each group beside what is not balanced there, and the runtimes' order. */
export function workloadSentence(
  setUps: readonly SetUpResult[],
  comparisons: readonly ComparisonResult[],
): string {
  const groups = [...new Set(setUps.map(({ group }) => group))];
  const said = groups.map((group) =>
    groupSentence(
      group,
      setUps.filter((setUp) => setUp.group === group),
      comparisons,
    )
  );
  return said.filter((sentence) => sentence !== "").join(" ") || "Nothing was measured.";
}

function groupSentence(
  group: string,
  setUps: readonly SetUpResult[],
  comparisons: readonly ComparisonResult[],
): string {
  const ranked = ranking(setUps);
  const [best] = ranked;
  const limited = setUps.filter((setUp) => setUp.clientLimited && setUp.value).map(nameOf);
  const aside = limited.length === 0
    ? ""
    : ` Of ${limited.join(" and ")} no figure is given: the load generator was the limit.`;
  if (!best?.value) return aside && `${capital(group)}:${aside}`;
  const first = `${capital(group)}: ${nameOf(best)} came first with ` +
    `${showValue(best.metric, best.value.median)}`;
  const against = comparisons.filter(({ setUp, ratio }) => setUp === best.id && ratio);
  const told = against.find(({ kind }) => kind === "balance") ??
    against.find(({ kind }) => kind === "peer") ?? against[0];
  const other = setUps.find(({ id }) => id === told?.to);
  if (!told?.ratio || !other) return `${first}.${aside}`;
  const tied = told.significant ? "" : ", which is no certain difference";
  return `${first}, ${factorText(told.ratio)} ${nameOf(other)}${tied}.${aside}`;
}

/** Those with a figure of their own, the best first. */
export function ranking(setUps: readonly SetUpResult[]): SetUpResult[] {
  const measured = setUps.filter(({ value, clientLimited }) => value && !clientLimited);
  const sign = (setUp: SetUpResult) => METRICS[setUp.metric].better === "higher" ? -1 : 1;
  const medianOf = ({ value }: SetUpResult) => value?.median ?? NaN;
  return measured.sort((a, b) => sign(a) * (medianOf(a) - medianOf(b)));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
