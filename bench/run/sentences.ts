/** Two set-ups against each other, in words. */
import { METRICS } from "../model.ts";
import type { SetUpResult } from "../results.ts";
import { LEAST_ROUNDS } from "../statistics.ts";
import type { Estimate } from "../statistics.ts";
import type { Held } from "./compare.ts";

/** `round-robin on bun`, so that it cannot be taken for another one. */
export function nameOf({ name, runtime }: SetUpResult): string {
  if (runtime === "unknown") return name;
  return name.toLowerCase().includes(runtime) ? name : `${name} on ${runtime}`;
}

export function comparisonSentence(
  ours: SetUpResult,
  theirs: SetUpResult,
  { ratio, pairs, significant }: Held,
): string {
  const [one, other] = distinct(ours, theirs);
  const where = ours.group === theirs.group ? ` (${ours.group})` : "";
  if (ours.clientLimited || theirs.clientLimited) {
    const limited = ours.clientLimited ? one : other;
    return `${one} and ${other} are not compared${where}: the load generator was the limit of ` +
      `${limited}.`;
  }
  const stalled = [[ours, one] as const, [theirs, other] as const].find(([{ bound }]) =>
    bound !== null
  );
  if (stalled || (!ratio && pairs > 0)) {
    const whose = stalled ? ` of ${stalled[1]}` : "";
    return `${one} and ${other} are not compared${where}: too many requests${whose} were not ` +
      `answered in time or failed.`;
  }
  if (!ratio) return `${one} and ${other} are not compared${where}: no round counts for both.`;
  const parts = factorOf(ratio, pairs);
  const factor = `${parts.factor} ${parts.interval}`.trimEnd();
  const said = isHigherBetter(ours)
    ? `${one} had ${factor} the ${METRICS[ours.metric].title} of ${other}${where}`
    : `${one} took ${factor} as long as ${other}${where}`;
  if (significant) return `${said}.`;
  if (pairs < LEAST_ROUNDS) {
    return `${said}, in ${pairs} of the ${LEAST_ROUNDS} rounds that an interval needs.`;
  }
  return `${one} and ${other} cannot be told apart${where}: ratio ${factor}.`;
}

/** The name alone, unless that would be the same for both. */
function distinct(ours: SetUpResult, theirs: SetUpResult): [string, string] {
  if (ours.runtime === theirs.runtime && ours.name !== theirs.name) return [ours.name, theirs.name];
  return [nameOf(ours), nameOf(theirs)];
}

export function isHigherBetter({ metric }: Pick<SetUpResult, "metric">): boolean {
  return METRICS[metric].better === "higher";
}

/** `2.31 times` and `(2.20..2.42)`, the latter empty where too few pairs count. */
export function factorOf(
  { median, low, high }: Estimate,
  pairs: number,
): { readonly factor: string; readonly interval: string } {
  const digits = Math.abs(median - 1) < 0.1 ? 3 : 2;
  return {
    factor: `${median.toFixed(digits)} times`,
    interval: pairs < LEAST_ROUNDS ? "" : `(${low.toFixed(digits)}..${high.toFixed(digits)})`,
  };
}
