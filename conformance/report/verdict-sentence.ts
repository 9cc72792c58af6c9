/** The last line of a report: conforms, does not, or open, and which rules decide it. */
import type { Report } from "./report.ts";
import { breaksConformance, lacks, leavesOpen, rulesOf, unjudged } from "./summary.ts";
import { oneLine, plural } from "./text.ts";

/** One sentence, with rule ids where it does not conform and what is missing where it is open. */
export function verdictSentence({ cases, conforms }: Report): string {
  if (conforms) return holds(cases);
  if (conforms === false) return broken(cases);
  const open = cases.filter(leavesOpen);
  if (cases.length === 0) return "open: no case ran; see `steelyard list` for what --only can name";
  if (cases.every(({ verdict }) => verdict === "unsupported")) {
    return "open: nothing was judged, every case is unsupported; does the manifest name all roles?";
  }
  if (open.length === 0) return "open: the run ended before every case had a verdict; run it again";
  const kinds = [...new Set(open.map(({ verdict }) => verdict))].sort();
  const rules = rulesOf(open).map(({ rule }) => oneLine(rule));
  return `open: ${plural(rules.length, "MUST rule")} without a verdict (${kinds.join(", ")}): ` +
    `${rules.join(", ")}`;
}

function holds(cases: Report["cases"]): string {
  const rules = rulesOf(cases).filter((rule) => rule.cases.every(unjudged));
  if (rules.length === 0) return "conforms: every MUST rule holds";
  const ids = rules.map(({ rule }) => oneLine(rule)).join(", ");
  return `conforms: every MUST rule that could be judged holds; without a verdict: ${ids}`;
}

function broken(cases: Report["cases"]): string {
  const rules = rulesOf(cases.filter(breaksConformance));
  if (rules.length === 0) {
    return "does not conform: the run says so, but no case in this report shows it";
  }
  const ids = rules.map(({ rule, cases }) =>
    oneLine(rule) + (cases.every(lacks) ? " (lacking)" : "")
  );
  return `does not conform: ${plural(rules.length, "MUST rule")} ` +
    `${rules.length === 1 ? "fails" : "fail"}: ${ids.join(", ")}`;
}
