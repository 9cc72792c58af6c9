/** Who did best, as the published tables write it: `A > B = C`. */
import { LEAST_ROUNDS, medianEstimate } from "../statistics.ts";
import type { Estimate } from "../statistics.ts";

export interface Entry {
  readonly label: string;
  /** One of each round that counts; undefined where the client was the limit. */
  readonly values: readonly number[] | undefined;
}

export interface Ranked {
  readonly label: string;
  readonly estimate: Estimate;
  /** Whether enough rounds count for its interval to be one. */
  readonly isSure: boolean;
}

/** Best first; those of which nothing is known are left out. */
export function ranked(entries: readonly Entry[], better: "higher" | "lower"): Ranked[] {
  const known = entries.flatMap(({ label, values }) =>
    values === undefined || values.length === 0
      ? []
      : [{ label, estimate: medianEstimate(values), isSure: values.length >= LEAST_ROUNDS }]
  );
  const sign = better === "higher" ? -1 : 1;
  return known.sort((a, b) => sign * (a.estimate.median - b.estimate.median));
}

/** `>` where the 95 % intervals of neighbours lie apart, else `=`; what the client limited is named. */
export function ordering(entries: readonly Entry[], better: "higher" | "lower"): string {
  const order = ranked(entries, better);
  const text = order.map((one, i) => {
    const before = order[i - 1];
    if (before === undefined) return one.label;
    const [a, b] = [one.estimate, before.estimate];
    const isApart = one.isSure && before.isSure && (a.low > b.high || a.high < b.low);
    return ` ${isApart ? ">" : "="} ${one.label}`;
  }).join("");
  const untold = entries.filter(({ label }) => !order.some((one) => one.label === label));
  const aside = untold.map(({ label, values }) =>
    `${label}: ${values === undefined ? "client was the limit" : "no round counts"}`
  ).join("; ");
  if (aside === "") return text;
  return text === "" ? aside : `${text} (${aside})`;
}
