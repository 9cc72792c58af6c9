/** `steelyard list`: the cases, or the rules, as the reports count them. */
import { selectCases } from "../../conformance/check.ts";
import type { Selection } from "../../conformance/check.ts";
import type { Case, Rule, Suite } from "../../conformance/engine/case.ts";
import { nearest } from "../../conformance/engine/manifest/mod.ts";
import { groupBy } from "../../conformance/report/group-by.ts";
import { plural } from "../../conformance/report/text.ts";
import type { Level } from "../../conformance/engine/verdict.ts";
import { SUITES } from "../../conformance/suites.ts";
import { repeated } from "./repeated.ts";
import { runRoleCommand } from "./role-command.ts";
import { oneOf, text, UsageError } from "./usage.ts";

const LEVELS: readonly Level[] = ["MUST", "SHOULD", "MAY"];

/** A case with its rule. */
interface Listed {
  readonly case: Case;
  readonly rule: Rule;
}

export function listCommand(argv: readonly string[]): Promise<number> {
  return runRoleCommand("list", {
    usage: "[options]",
    summary: "shows the cases by role: id, level and title",
    options: [
      ["--system <name>", "only this system"],
      ["--role <name>", "only this role's cases"],
      ["--level <level>", "must, should or may: this level and the stronger ones"],
      ["--only <glob>", "only cases whose id, or whose rule's id, fits (repeatable)"],
      ["--rules", "the rules, with the number of their cases"],
      ["--json", "as JSON"],
    ],
    example: "steelyard list --role balancer --level must",
    run: (args, options) => Promise.resolve(list(args, options)),
  }, argv);
}

function list(args: readonly string[], options: Record<string, unknown>): number {
  if (args.length > 0) {
    throw new UsageError(`unexpected argument ${JSON.stringify(args[0])}; did you mean --only?`);
  }
  const listed = selected(options);
  if (listed.length === 0) throw new UsageError("no case fits the selection; leave an option out");
  const rules = options.rules === true;
  if (options.json === true) {
    const entries = rules ? rulesOf(listed).map(ruleEntry) : listed.map(caseEntry);
    console.log(JSON.stringify(entries, null, 2));
  } else console.log(listText(listed, rules));
  return 0;
}

function selected(options: Record<string, unknown>): Listed[] {
  const suites = chosenSuites(text(options, "system"));
  const role = text(options, "role");
  const roles = new Set(suites.flatMap(({ rules }) => rules.map((rule) => rule.role)));
  if (role !== undefined && !roles.has(role)) throw unknown("role", role, [...roles]);
  const level = oneOf(options, "level", ["must", "should", "may"])?.toUpperCase() as
    | Level
    | undefined;
  const only = repeated(options.only);
  const selection: Selection = {
    ...(role ? { role } : {}),
    ...(level ? { level } : {}),
    ...(only.length > 0 ? { only } : {}),
  };
  return suites.flatMap((suite) =>
    selectCases(suite, selection).map((one) => ({ case: one, rule: ruleOf(suite, one) }))
  );
}

function chosenSuites(system: string | undefined): readonly Suite[] {
  const suites = SUITES.filter((suite) => system === undefined || suite.system === system);
  if (suites.length > 0) return suites;
  throw unknown("suite for the system", system as string, SUITES.map((suite) => suite.system));
}

function ruleOf(suite: Suite, one: Case): Rule {
  return suite.rules.find(({ id }) => id === one.rule) as Rule;
}

function unknown(what: string, name: string, names: readonly string[]): UsageError {
  const near = nearest(name, names);
  const hint = near ? `did you mean ${near}?` : `there is ${names.join(", ")}`;
  return new UsageError(`no ${what} ${JSON.stringify(name)}; ${hint}`);
}

function rulesOf(listed: readonly Listed[]): { rule: Rule; cases: number }[] {
  return [...groupBy(listed, ({ rule }) => rule.id).values()]
    .map((group) => ({ rule: (group[0] as Listed).rule, cases: group.length }));
}

function caseEntry({ case: one, rule }: Listed) {
  const { role, level } = rule;
  const golden = one.golden ?? null;
  return { id: one.id, rule: rule.id, role, level, title: one.title, golden };
}

function ruleEntry({ rule, cases }: { rule: Rule; cases: number }) {
  return { ...rule, mark: rule.mark ?? null, cases };
}

function listText(listed: readonly Listed[], rules: boolean): string {
  const roleOf = ({ rule }: Listed) => rule.id.split(".").slice(0, 2).join(" ");
  const groups = [...groupBy(listed, roleOf)].map(([role, group]) => {
    const rows = rules
      ? rulesOf(group).map(({ rule, cases }) =>
        [rule.id, rule.level, `${rule.text} (${plural(cases, "case")})`] as const
      )
      : group.map(({ case: one, rule }) => [one.id, rule.level, one.title] as const);
    const width = Math.max(...rows.map(([id]) => id.length));
    const lines = rows.map(([id, level, title]) =>
      `  ${id.padEnd(width)}  ${level.padEnd(6)}  ${title}`
    );
    return [`${role}: ${counts(group)}`, ...lines].join("\n");
  });
  const total = groups.length > 1 ? [`in all: ${counts(listed)}`] : [];
  return [...groups, ...total].join("\n\n");
}

/** `12 cases of 5 rules (10 MUST, 2 SHOULD)`, the levels by cases. */
function counts(listed: readonly Listed[]): string {
  const byLevel = groupBy(listed, ({ rule }) => rule.level);
  const levels = LEVELS.filter((level) => byLevel.has(level))
    .map((level) => `${byLevel.get(level)?.length} ${level}`);
  const rules = plural(rulesOf(listed).length, "rule");
  return `${plural(listed.length, "case")} of ${rules} (${levels.join(", ")})`;
}
