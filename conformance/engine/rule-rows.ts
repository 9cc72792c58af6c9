/** Rules as rows of a table, one for one from the spec page of their system. */
import type { Rule } from "./case.ts";
import type { Level } from "./verdict.ts";

export type RuleRow = readonly [
  /** `ROLE.NAME`, the id without its system. */
  name: string,
  level: Level,
  text: string,
  observed: string,
  mark?: "expected" | "security",
];

export function rulesOf(system: string, rows: readonly RuleRow[]): readonly Rule[] {
  return rows.map(([name, level, text, observed, mark]) => {
    const role = name.slice(0, name.indexOf("."));
    return {
      id: `${system}.${name}`,
      role,
      level,
      text,
      observed,
      ...(mark ? { mark } : {}),
      source: `spec/${system}.md, ${role}`,
    };
  });
}
