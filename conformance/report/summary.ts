/**
 * What the cases add up to: counts, the verdict of each rule, whether it conforms, the exit code.
 *
 * Source: DESIGN, "Verdicts" and "Command line".
 */
import { type Level, type Verdict, VERDICTS } from "../engine/verdict.ts";
import { groupBy } from "./group-by.ts";
import type { CaseReport, Report } from "./report.ts";

export type ExitCode = 0 | 1 | 3;

/** A rule with its cases and the worst verdict among them. */
export interface RuleReport {
  readonly rule: string;
  readonly role: string;
  readonly level: Level;
  readonly title: string;
  readonly verdict: Verdict;
  readonly cases: readonly CaseReport[];
}

const FROM_BEST_TO_WORST: readonly Verdict[] = [
  "pass",
  "unsupported",
  "skipped",
  "blocked",
  "error",
  "optional-fail",
  "fail",
];

/** Cases by verdict, in the order of the report. */
export function summarise(cases: readonly CaseReport[]): Record<Verdict, number> {
  const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<
    Verdict,
    number
  >;
  for (const { verdict } of cases) counts[verdict]++;
  return counts;
}

/** `32 pass, 1 fail`: what is zero is left out. */
export function countsText(counts: Record<Verdict, number>): string {
  const present = VERDICTS.filter((verdict) => counts[verdict] > 0);
  return present.map((verdict) => `${counts[verdict]} ${verdict}`).join(", ") || "no cases";
}

/** The rules in the order in which their first cases come. */
export function rulesOf(cases: readonly CaseReport[]): RuleReport[] {
  return [...groupBy(cases, ({ rule }) => rule)].map(([rule, own]) => {
    const worst = own.reduce((a, b) => rank(b) > rank(a) ? b : a);
    return {
      rule,
      role: worst.role,
      level: worst.level,
      title: worst.title,
      verdict: worst.verdict,
      cases: own,
    };
  });
}

/** Whether the case alone makes an implementation non-conforming. */
export function breaksConformance(one: CaseReport): boolean {
  return one.level === "MUST" && (one.verdict === "fail" || lacks(one));
}

/** Whether the manifest says that the implementation has not what the case asks for. */
export function lacks(one: CaseReport): boolean {
  return one.verdict === "unsupported" && one.message.startsWith("lacks");
}

/** Whether the case, a MUST, says nothing of the implementation. */
export function leavesOpen({ level, verdict }: CaseReport): boolean {
  return level === "MUST" && ["skipped", "error", "blocked"].includes(verdict);
}

/**
 * Whether the case, a MUST of a role that the implementation has, could not be judged by the way it
 * is offered: no mode for it, no place for results, nothing measured.
 */
export function unjudged(one: CaseReport): boolean {
  return one.level === "MUST" && one.verdict === "unsupported" && !lacks(one) &&
    !one.message.startsWith("the implementation has no ");
}

/** null where a MUST has no verdict, and for a run in which nothing was judged. */
export function conformsOf(cases: readonly CaseReport[]): boolean | null {
  if (cases.some(breaksConformance)) return false;
  const nothing = cases.every(({ verdict }) => verdict === "unsupported");
  if (nothing || cases.some(leavesOpen)) return null;
  return true;
}

/**
 * 0 conforms, 1 does not, 3 incomplete: the worst of the reports.
 *
 * `knownFailures` are case ids of one manifest whose failure has the message foretold; one that
 * passed is stale and counts as a failure. With several manifests, ask for each with its own and
 * take {@link worstExitCode}, or one submission's list would excuse another's failures.
 */
export function exitCodeOf(
  reports: readonly Report[],
  knownFailures: ReadonlySet<string>,
): ExitCode {
  return worstExitCode(reports.map((report) => exitCode(report, knownFailures)));
}

/** 1 before 3 before 0; nothing at all is incomplete. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  if (codes.includes(1)) return 1;
  return codes.length === 0 || codes.includes(3) ? 3 : 0;
}

function exitCode({ cases, conforms }: Report, known: ReadonlySet<string>): ExitCode {
  const isStale = ({ id, verdict }: CaseReport) => known.has(id) && verdict === "pass";
  const breaks = cases.filter(breaksConformance);
  if (breaks.some(({ id }) => !known.has(id)) || cases.some(isStale)) return 1;
  // What a known failure blocks is part of that failure, or listing it would change 1 into 3.
  const isIncomplete = (one: CaseReport) =>
    one.verdict === "error" ||
    (leavesOpen(one) && !(one.verdict === "blocked" && breaks.length > 0));
  return conforms === null || cases.some(isIncomplete) ? 3 : 0;
}

function rank({ verdict }: CaseReport): number {
  return FROM_BEST_TO_WORST.indexOf(verdict);
}
