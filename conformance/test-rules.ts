/** What holds of the rules, the cases and the goldens of any suite. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Suite } from "./engine/case.ts";
import { packageRoot } from "./engine/package.ts";

/** A golden, whatever it holds. */
interface Golden {
  readonly path: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** Registers the tests; the file that calls it runs them. */
export function testRules(
  { system, rules, cases }: Suite,
  roles: readonly string[],
  goldens: readonly Golden[],
): void {
  const ruleById = new Map(rules.map((rule) => [rule.id, rule]));

  test("ids of rules and of cases are unique", () => {
    for (const ids of [rules.map(({ id }) => id), cases.map(({ id }) => id)]) {
      assert.equal(ids.filter((id, i) => ids.indexOf(id) !== i), []);
    }
  });

  test("every rule has a case", () => {
    const judged = new Set(cases.map(({ rule }) => rule));
    assert.equal(rules.filter(({ id }) => !judged.has(id)).map(({ id }) => id), []);
  });

  test("every case is a rule or a variant of one, and says what it is about", () => {
    for (const { id, rule, title } of cases) {
      assert.ok(ruleById.has(rule), `${id} names no rule: ${rule}`);
      assert.ok(id === rule || id.startsWith(`${rule}/`), `${id} is no variant of ${rule}`);
      assert.match(id, new RegExp(`^${system}\\.[a-z]+\\.[a-z0-9-]+(/[a-z0-9.-]+)?$`));
      assert.ok(title.length > 10, id);
    }
  });

  test("what a case needs are rules, and a MUST needs only MUSTs", () => {
    for (const { id, rule, needs = [] } of cases) {
      for (const needed of needs) {
        const found = ruleById.get(needed);
        assert.ok(found, `${id} needs ${needed}, which is no rule`);
        if (ruleById.get(rule)!.level === "MUST") {
          assert.is(found!.level, "MUST", `${id}: ${needed}`);
        }
      }
    }
  });

  test("no rule needs itself, on any way", () => {
    const needed = new Map<string, Set<string>>();
    for (const { rule, needs = [] } of cases) {
      const known = needed.get(rule) ?? new Set();
      for (const one of needs) known.add(one);
      needed.set(rule, known);
    }
    const reach = (from: string, seen: Set<string>): Set<string> => {
      for (const next of needed.get(from) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        reach(next, seen);
      }
      return seen;
    };
    for (const { id } of rules) assert.not(reach(id, new Set()).has(id), id);
  });

  test("roles, levels, marks and sources are of those there are", () => {
    for (const { id, role, level, mark, text, observed, source } of rules) {
      assert.ok(roles.includes(role), `${id}: ${role}`);
      assert.is(id.split(".")[1], role);
      assert.ok(["MUST", "SHOULD", "MAY"].includes(level), `${id}: ${level}`);
      assert.ok([undefined, "expected", "security"].includes(mark), `${id}: ${mark}`);
      assert.ok(text.length > 0 && observed.length > 0 && source.length > 0, id);
    }
  });

  test("the goldens are the cases with a golden, with the level of their rule", () => {
    const withGolden = cases.filter(({ golden }) => golden !== undefined);
    assert.equal(
      withGolden.map(({ golden }) => golden).sort(),
      goldens.map(({ path }) => path).sort(),
    );
    for (const { path, keys } of goldens) {
      const found = cases.find(({ golden }) => golden === path)!;
      assert.is(found.id, keys.id, path);
      assert.is(ruleById.get(found.rule)!.level, keys.level, path);
      assert.is(ruleById.get(found.rule)!.role, keys.role, path);
      for (const also of (keys.also ?? "").split(/[\s,]+/).filter(Boolean)) {
        assert.ok(ruleById.has(also), `${path}: also ${also}`);
      }
    }
  });

  const spec = join(packageRoot, "..", "shared", "spec", `${system}.md`);

  // Not `needs`: the page is no tool to be installed.
  const specified = existsSync(spec) ? test : test.skip;
  if (!existsSync(spec)) {
    console.log("skipped: rules agree with the page: ../shared/spec is not there");
  }
  specified(
    "rules have the ids, levels and marks of the spec page, in its order",
    () => {
      // A level of the course's, as in `MUST (level 2)`, is not in the suite.
      const row =
        /^\| ([a-z]+)(\.[a-z.0-9-]+) \| (MUST|SHOULD|MAY)(?: \((\w+)\)| \(level \d\))? \|/gm;
      const ids = [...readFileSync(spec, "utf8").matchAll(row)]
        .filter(([, name]) => name === system)
        .map(([, name, id, level, mark]) =>
          [`${name}${id}`, level, mark].filter(Boolean).join(" ")
        );
      assert.ok(ids.length > 20, `${ids.length} rules read`);
      assert.equal(
        rules.map(({ id, level, mark }) => [id, level, mark].filter(Boolean).join(" ")),
        ids,
      );
    },
  );
}
