/** What a case shows: its evidence as labelled texts, for the formats that show it in blocks. */
import { diffIsUseful, diffLines } from "./diff.ts";
import type { CaseReport } from "./report.ts";
import { visible } from "./text.ts";

export interface Exhibit {
  readonly label: string;
  readonly kind: "text" | "diff";
  readonly text: string;
}

/** `sent`, `expected`, `actual` where there are any, and the difference where that tells more. */
export function exhibitsOf({ sent, expected, actual }: CaseReport): Exhibit[] {
  const exhibits: Exhibit[] = [];
  const show = (label: string, text: string | null) => {
    if (text === null) return;
    exhibits.push({ label, kind: "text", text: text === "" ? "(nothing)" : visible(text) });
  };
  show("sent", sent);
  show("expected", expected);
  show("actual", actual);
  if (expected !== null && actual !== null && diffIsUseful(expected, actual)) {
    const text = diffLines(expected, actual);
    exhibits.push({ label: "difference (- expected, + actual)", kind: "diff", text });
  }
  return exhibits;
}

/** All of it as one plain text, the command last. */
export function evidenceText(one: CaseReport): string {
  const blocks = exhibitsOf(one).map(({ label, text }) =>
    `${label}:\n${text.replace(/^/gm, "  ")}`
  );
  return [
    `rule: ${visible(one.rule)} (${one.level}): ${visible(one.title)}`,
    `source: ${visible(one.source)}`,
    ...blocks,
    `reproduce: ${visible(one.reproduce)}`,
  ].join("\n");
}
