/** Which cases a mutant runs against: all of the rule that it breaks, and some or all of the others. */
import type { Case, Suite } from "../engine/case.ts";
import { groupBy } from "../report/group-by.ts";
import { MUTANTS } from "./list.ts";
import type { Mutant } from "./types.ts";

/**
 * `whole` is what docs/kill-matrix.md is made from, and takes half an hour; `sample` holds each run of
 * the tests against that document, with a part of the cases that a mutant has nothing to do with.
 */
export type Extent = "whole" | "sample";

/**
 * Cases of a rule at most that a mutant of another rule runs against. Proxy has a row for every way
 * to write a length: all 200 cases for each of 100 mutants would take most of an hour.
 */
export const MOST_OF_ANOTHER_RULE: Readonly<Record<string, number>> = { proxy: 5 };

/** Of the cases that a mutant has nothing to do with, a sample has one in so many. */
export const SAMPLE_ONE_IN = 4;

/** In the order of the suite. */
export function judgedCases(suite: Suite, mutant: Mutant, extent: Extent): Case[] {
  const broken = [mutant.breaks, ...Object.keys(mutant.related ?? {})];
  const chosen = [...groupBy(suite.cases, ({ rule }) => rule)].flatMap(([rule, cases]) =>
    rule === mutant.breaks ? cases : spread(cases, MOST_OF_ANOTHER_RULE[suite.system] ?? Infinity)
  );
  // The next mutant has the next part, so that together they run against all.
  const turn = MUTANTS.indexOf(mutant);
  return suite.cases.filter((one) => chosen.includes(one)).filter(({ rule }, place) =>
    extent === "whole" || broken.includes(rule) || (place + turn) % SAMPLE_ONE_IN === 0
  );
}

/** At most so many of them, the first among them. */
function spread(cases: readonly Case[], most: number): Case[] {
  const step = Math.ceil(cases.length / most) || 1;
  return cases.filter((_, place) => place % step === 0);
}
