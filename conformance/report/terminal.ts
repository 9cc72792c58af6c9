/**
 * The report for a terminal: who was judged, each role's counts, each failure with its evidence, what
 * has no verdict and why, and the verdict in one sentence, last, where the eye is.
 */
import { $, bold, cyan, dim, green, magenta, red, yellow } from "kleur/colors";
import { type Verdict, VERDICTS } from "../engine/verdict.ts";
import { groupBy } from "./group-by.ts";
import type { CaseReport, Report } from "./report.ts";
import { countsText, lacks, rulesOf, summarise, unjudged as isUnjudged } from "./summary.ts";
import { failureBlock } from "./terminal-failure.ts";
import { oneLine, plural, wrap } from "./text.ts";
import { verdictSentence } from "./verdict-sentence.ts";

export interface TerminalOptions {
  readonly colour: boolean;
  /** The terminal's width; 0 where there is none. */
  readonly columns: number;
  /** Shows evidence whole, every failing case, and the cases that passed or are unsupported. */
  readonly verbose: boolean;
}

const WIDTH_WITHOUT_TERMINAL = 80;
const NARROWEST = 40;
/** Ids named in one line of a list; `verbose` names all. */
const IDS_AT_MOST = 5;

export const PAINT: Record<Verdict, (text: string) => string> = {
  pass: green,
  fail: red,
  "optional-fail": yellow,
  unsupported: dim,
  blocked: cyan,
  skipped: cyan,
  error: magenta,
};

export function terminalReport(reports: Report[], options: TerminalOptions): string {
  const columns = Math.max(NARROWEST, options.columns || WIDTH_WITHOUT_TERMINAL);
  // kleur looks at the environment and standard output when it is loaded; the caller knows better.
  const before = $.enabled;
  $.enabled = options.colour;
  try {
    return reports.map((report) => section(report, { ...options, columns })).join("\n");
  } finally {
    $.enabled = before;
  }
}

function section(report: Report, options: TerminalOptions): string {
  const blocks = [
    [header(report)],
    roles(report.cases),
    ...failures(report.cases, options),
    ...unjudged(report.cases, options),
    ...(options.verbose ? [list("pass", report.cases, options)] : []),
    conclusion(report, options),
  ];
  return blocks.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n") +
    "\n";
}

function header({ implementation, system, host, seed }: Report): string {
  const isolation = host.isolation === "none" ? ", isolation none" : "";
  const where = `on ${host.runtime} ${host.runtimeVersion}, seed ${seed}${isolation}`;
  return `${bold(oneLine(`${implementation.name}: ${system}`))} ${dim(oneLine(where))}`;
}

function roles(cases: CaseReport[]): string[] {
  const byRole = groupBy(cases, ({ role }) => oneLine(role));
  const width = Math.max(0, ...[...byRole.keys()].map(({ length }) => length));
  return [...byRole].map(([role, own]) => {
    const counts = summarise(own);
    const present = VERDICTS.filter((verdict) => counts[verdict] > 0);
    const cells = present.map((verdict) => PAINT[verdict](`${counts[verdict]} ${verdict}`));
    return `  ${role.padEnd(width)}  ${cells.join("  ")}`;
  });
}

/** MUST rules first. Cases of a rule that failed alike are one block; `verbose` keeps them apart. */
function failures(cases: CaseReport[], options: TerminalOptions): string[][] {
  const failed = (["fail", "optional-fail"] as const).flatMap((verdict) =>
    cases.filter((one) => one.verdict === verdict)
  );
  return rulesOf(failed).flatMap(({ cases: own }) => {
    const alike = groupBy([...own], ({ id, message }) => options.verbose ? id : causeOf(message));
    return [...alike.values()].map((group) => failureBlock(group, options));
  });
}

/** A program that does not listen fails in every case alike, each with ports and a folder of its own. */
function causeOf(message: string): string {
  if (!/\bbefore it listened|\bnever listened\b/.test(message)) return message;
  return message.replace(/\bsteelyard-\w+\/\d+|\b\d{4,5}\b/g, "");
}

function unjudged(cases: CaseReport[], options: TerminalOptions): string[][] {
  // What the manifest lacks can decide the verdict, and a MUST is no small thing to leave out.
  const missing = cases.filter((one) => lacks(one) || isUnjudged(one));
  return [
    list("blocked", cases, options),
    list("skipped", cases, options),
    list("error", cases, options),
    options.verbose ? list("unsupported", cases, options) : list("unsupported", missing, options),
  ];
}

/** One line for each reason, with the cases it holds for. */
function list(verdict: Verdict, cases: CaseReport[], options: TerminalOptions): string[] {
  const own = cases.filter((one) => one.verdict === verdict);
  if (own.length === 0) return [];
  const byReason = groupBy(own, ({ message }) => oneLine(message));
  const lines = [...byReason].flatMap(([reason, group]) => {
    const shown = options.verbose ? group : group.slice(0, IDS_AT_MOST);
    const more = group.length - shown.length;
    const ids = shown.map(({ id }) => oneLine(id)).join(", ") +
      (more > 0 ? ` and ${more} more` : "");
    return wrap(reason === "" ? ids : `${ids}: ${reason}`, options.columns - 4);
  });
  const heading = `${verdict} (${plural(own.length, "case")})`;
  return [PAINT[verdict](heading), ...lines.map((line) => `  ${line}`)];
}

function conclusion(report: Report, options: TerminalOptions): string[] {
  const { cases, conforms, durationMs } = report;
  const paint = conforms === null ? yellow : conforms ? green : red;
  const counts = countsText(summarise(cases));
  return [
    `${plural(cases.length, "case")}: ${counts} ${dim(`(${(durationMs / 1000).toFixed(1)} s)`)}`,
    ...wrap(verdictSentence(report), options.columns).map((line) => bold(paint(line))),
  ];
}
