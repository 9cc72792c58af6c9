/** Which cases a mutant runs against: all of its own rule, and enough of the others to see that it keeps them. */
import type { Case, Suite } from "../engine/case.ts";
import type { Mutant } from "./types.ts";

/**
 * Cases of a rule at most that a mutant of another rule runs against, where a suite has a row for
 * every way to write a length: all 200 cases for each of 100 mutants would take most of an hour.
 */
export const MOST_OF_ANOTHER_RULE: Readonly<Record<string, number>> = { proxy: 5 };

/** In their order; of a rule that is not all there, they are spread over it, the first among them. */
export function judgedCases(suite: Suite, { system, breaks }: Mutant): Case[] {
  const most = MOST_OF_ANOTHER_RULE[system] ?? Infinity;
  const seen = new Map<string, number>();
  const all = new Map<string, number>();
  for (const { rule } of suite.cases) all.set(rule, (all.get(rule) ?? 0) + 1);
  return suite.cases.filter(({ rule }) => {
    const place = seen.get(rule) ?? 0;
    seen.set(rule, place + 1);
    const step = Math.ceil((all.get(rule) as number) / most) || 1;
    return rule === breaks || place % step === 0;
  });
}
