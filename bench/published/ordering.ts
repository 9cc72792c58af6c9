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
}

/** Best first; those of which nothing is known are left out. */
export function ranked(entries: readonly Entry[], better: "higher" | "lower"): Ranked[] {
  const known = entries.flatMap(({ label, values }) =>
    values === undefined || values.length === 0 ? [] : [{ label, estimate: medianEstimate(values) }]
  );
  const sign = better === "higher" ? -1 : 1;
  return known.sort((a, b) => sign * (a.estimate.median - b.estimate.median));
}

/** `>` where the 95 % intervals of neighbours lie apart, else `=`; what the client limited is named. */
export function ordering(entries: readonly Entry[], better: "higher" | "lower"): string {
  const order = ranked(entries, better);
  const counted = new Map(entries.map(({ label, values }) => [label, values?.length ?? 0]));
  const text = order.map(({ label, estimate }, i) => {
    const before = order[i - 1];
    if (before === undefined) return label;
    const enough = [label, before.label].every((one) => (counted.get(one) ?? 0) >= LEAST_ROUNDS);
    const apart = estimate.low > before.estimate.high || estimate.high < before.estimate.low;
    return ` ${enough && apart ? ">" : "="} ${label}`;
  }).join("");
  const untold = entries.filter(({ label }) => !order.some((one) => one.label === label));
  const aside = untold.map(({ label, values }) =>
    `${label}: ${values === undefined ? "client was the limit" : "no round counts"}`
  ).join("; ");
  if (aside === "") return text;
  return text === "" ? aside : `${text} (${aside})`;
}
