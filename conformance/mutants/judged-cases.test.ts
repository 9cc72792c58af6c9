import { test } from "uvu";
import * as assert from "uvu/assert";
import { suiteOf } from "../suites.ts";
import { judgedCases, MOST_OF_ANOTHER_RULE } from "./judged-cases.ts";
import type { Extent } from "./judged-cases.ts";
import { MUTANTS } from "./list.ts";
import type { Mutant } from "./types.ts";

function countsOf(mutant: Mutant, extent: Extent): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rule } of judgedCases(suiteOf(mutant.system)!, mutant, extent)) {
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return counts;
}

for (const extent of ["whole", "sample"] as const) {
  test(`${extent}: a mutant runs against all cases of the rule that it breaks`, () => {
    for (const mutant of MUTANTS) {
      const own = suiteOf(mutant.system)!.cases.filter(({ rule }) => rule === mutant.breaks);
      assert.is(countsOf(mutant, extent).get(mutant.breaks), own.length, mutant.name);
    }
  });
}

test("whole: a mutant runs against some cases of each other rule", () => {
  for (const mutant of MUTANTS) {
    const counts = countsOf(mutant, "whole");
    const { rules } = suiteOf(mutant.system)!;
    assert.equal(rules.filter(({ id }) => !counts.has(id)), [], mutant.name);
  }
});

test("of another rule with many cases no more than the bound are run", () => {
  const most = MOST_OF_ANOTHER_RULE["proxy"] as number;
  for (const mutant of MUTANTS.filter(({ system }) => system === "proxy")) {
    for (const [rule, count] of countsOf(mutant, "whole")) {
      if (rule !== mutant.breaks) assert.ok(count <= most, `${rule}: ${count} > ${most}`);
    }
  }
});

test("where there is no bound all cases are run", () => {
  for (const system of ["redirect", "mdalp"]) {
    const mutant = MUTANTS.find((one) => one.system === system)!;
    assert.equal(judgedCases(suiteOf(system)!, mutant, "whole"), suiteOf(system)!.cases);
  }
});

test("a sample has all that the whole has of related rules, and a part of the rest", () => {
  for (const mutant of MUTANTS) {
    const [whole, sample] = [countsOf(mutant, "whole"), countsOf(mutant, "sample")];
    const related = Object.keys(mutant.related ?? {});
    for (const rule of related) assert.is(sample.get(rule), whole.get(rule), mutant.name);
    const rest = (counts: Map<string, number>) =>
      [...counts].filter(([rule]) => rule !== mutant.breaks && !related.includes(rule))
        .reduce((sum, [, count]) => sum + count, 0);
    assert.ok(rest(sample) <= rest(whole) / 2 && rest(sample) >= rest(whole) / 8, mutant.name);
  }
});

test("the samples of all mutants of a role together hold all that its mutants run against", () => {
  const roles = new Map<string, Mutant[]>();
  for (const mutant of MUTANTS) {
    const key = `${mutant.system}.${mutant.role}`;
    roles.set(key, [...roles.get(key) ?? [], mutant]);
  }
  for (const [role, mutants] of roles) {
    const run = (extent: Extent) =>
      new Set(
        mutants.flatMap((mutant) =>
          judgedCases(suiteOf(mutant.system)!, mutant, extent).map(({ id }) => id)
        ).filter((id) => id.startsWith(`${role}.`)),
      );
    assert.equal(run("sample"), run("whole"), role);
  }
});

test.run();
