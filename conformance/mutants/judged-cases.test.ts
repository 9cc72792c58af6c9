import { test } from "uvu";
import * as assert from "uvu/assert";
import { suiteOf } from "../suites.ts";
import { judgedCases, MOST_OF_ANOTHER_RULE } from "./judged-cases.ts";
import { MUTANTS } from "./list.ts";
import type { Mutant } from "./types.ts";

function countsOf(mutant: Mutant): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rule } of judgedCases(suiteOf(mutant.system)!, mutant)) {
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return counts;
}

test("a mutant runs against all cases of its rule, and some of each other rule", () => {
  for (const mutant of MUTANTS) {
    const { cases, rules } = suiteOf(mutant.system)!;
    const counts = countsOf(mutant);
    const own = cases.filter(({ rule }) => rule === mutant.breaks);
    assert.is(counts.get(mutant.breaks), own.length, mutant.name);
    assert.equal(rules.filter(({ id }) => !counts.has(id)), [], mutant.name);
  }
});

test("of another rule with many cases no more than the bound are run", () => {
  const most = MOST_OF_ANOTHER_RULE["proxy"] as number;
  for (const mutant of MUTANTS.filter(({ system }) => system === "proxy")) {
    for (const [rule, count] of countsOf(mutant)) {
      if (rule !== mutant.breaks) assert.ok(count <= most, `${rule}: ${count} > ${most}`);
    }
  }
});

test("where there is no bound all cases are run", () => {
  for (const system of ["redirect", "mdalp"]) {
    const mutant = MUTANTS.find((one) => one.system === system)!;
    assert.equal(judgedCases(suiteOf(system)!, mutant), suiteOf(system)!.cases);
  }
});

test.run();
