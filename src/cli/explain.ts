/** `steelyard explain CASE_OR_RULE`: what a case judges, by which rule, and how to run it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Case, Rule } from "../../conformance/engine/case.ts";
import { nearest } from "../../conformance/engine/manifest/mod.ts";
import { packageRoot } from "../../conformance/engine/package.ts";
import { MUTANTS } from "../../conformance/mutants/list.ts";
import { allCases, allRules } from "../../conformance/suites.ts";
import { historyOf } from "./golden-history.ts";
import { explanationText } from "./explanation-text.ts";
import type { Explanation } from "./explanation-text.ts";
import { runRoleCommand } from "./role-command.ts";
import { UsageError } from "./usage.ts";

export function explainCommand(argv: readonly string[]): Promise<number> {
  return runRoleCommand("explain", {
    usage: "CASE_OR_RULE",
    summary: "shows a case with its rule, source, golden and history; or a rule with its cases",
    options: [["--json", "as JSON"]],
    example: "steelyard explain redirect.server.404/file",
    run(args, options) {
      const [id, extra] = args;
      if (id === undefined) throw new UsageError("no id given; steelyard list shows the cases");
      if (extra !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(extra)}`);
      const found = explain(id);
      console.log(options.json === true ? JSON.stringify(found, null, 2) : explanationText(found));
      return Promise.resolve(0);
    },
  }, argv);
}

/** Throws a UsageError for an id that is no case's and no rule's. */
function explain(id: string): Explanation {
  const one = allCases().find((candidate) => candidate.id === id);
  const rule = allRules().find((candidate) => candidate.id === (one?.rule ?? id));
  if (!rule) throw unknownId(id);
  const cases = allCases().filter((other) => other.rule === rule.id);
  const related = cases.map(({ id, title }) => ({ id, title }));
  const command = `npx steelyard check --only ${id}`;
  const mutants = MUTANTS.filter(({ breaks }) => breaks === rule.id)
    .map(({ name, what }) => ({ id: `mutant:${name}`, title: what }));
  // A rule with one case may share its id: then the case says more.
  if (!one) return { kind: "rule", id, rule, cases: related, mutants, command };
  return {
    kind: "case",
    id,
    title: one.title,
    rule,
    ...detailsOf(one, rule),
    otherCases: related.filter((other) => other.id !== id),
    mutants,
    command,
  };
}

function detailsOf({ golden, falseAlarm, needs = [] }: Case, rule: Rule) {
  const history = golden === undefined ? [] : historyOf(golden);
  return {
    source: rule.source,
    ...golden === undefined ? {} : {
      golden: { path: golden, text: readFileSync(join(packageRoot, golden), "utf8") },
    },
    ...falseAlarm === undefined ? {} : { falseAlarm },
    ...needs.length === 0 ? {} : { needs },
    ...history.length === 0 ? {} : { history },
  };
}

function unknownId(id: string): UsageError {
  const known = [...allRules(), ...allCases()].map((one) => one.id);
  const near = nearest(id, known);
  const hint = near ? `did you mean ${near}?` : "steelyard list shows the cases";
  return new UsageError(`no case and no rule ${JSON.stringify(id)}; ${hint}`);
}
