/** Which cases a mutant runs against: all of the rule that it breaks, and some or all of the others. */
import type { Case, Suite } from "../engine/case.ts";
import { groupBy } from "../report/group-by.ts";
import { MUTANTS } from "./list.ts";
import type { Mutant } from "./types.ts";

/**
 * `whole` is what docs/kill-matrix.md is made from, and takes half an hour; `sample` holds each run of
 * the tests against that document, with a case of every rule that a mutant has nothing to do with.
 */
export type Extent = "whole" | "sample";

/**
 * Cases of a rule at most that a mutant of another rule runs against. Proxy has a row for every way
 * to write a length: all 200 cases for each of 100 mutants would take most of an hour.
 */
export const MOST_OF_ANOTHER_RULE: Readonly<Record<string, number>> = { proxy: 5 };

/** In the order of the suite. */
export function judgedCases(suite: Suite, mutant: Mutant, extent: Extent): Case[] {
  const related = Object.keys(mutant.related ?? {});
  const chosen = [...groupBy(suite.cases, ({ rule }) => rule)].flatMap(([rule, cases]) => {
    if (rule === mutant.breaks) return cases;
    const kept = spread(cases, MOST_OF_ANOTHER_RULE[suite.system] ?? Infinity);
    return extent === "whole" || related.includes(rule) ? kept : [oneOf(kept, mutant)];
  });
  return suite.cases.filter((one) => chosen.includes(one));
}

/** At most so many of them, the first among them. */
function spread(cases: readonly Case[], most: number): Case[] {
  const step = Math.ceil(cases.length / most) || 1;
  return cases.filter((_, place) => place % step === 0);
}

/** The mutants take the cases of a rule in turn, so that together they run against each of them. */
function oneOf(cases: readonly Case[], mutant: Mutant): Case {
  return cases[MUTANTS.indexOf(mutant) % cases.length] as Case;
}
