/** One failure on a terminal: what broke which rule, what was sent, expected and came, how to see it again. */
import { bold, dim, green, red, yellow } from "kleur/colors";
import { type Exhibit, exhibitsOf } from "./evidence.ts";
import type { CaseReport } from "./report.ts";
import { oneLine, plural, visible, wrap } from "./text.ts";

/** More lines than this push the next failure off the screen. */
const LINES_AT_MOST = 24;
/** Rows of the terminal one line of evidence may take. */
const ROWS_A_LINE = 3;

interface Options {
  readonly columns: number;
  readonly verbose: boolean;
}

/** The first of the cases whole, the others, which failed alike, by their ids. */
export function failureBlock(alike: readonly CaseReport[], options: Options): string[] {
  const [first, ...others] = alike;
  if (first === undefined) return [];
  const paint = first.verdict === "fail" ? red : yellow;
  const prose = (text: string) => wrap(text, options.columns - 2).map((line) => `  ${line}`);
  return [
    `${bold(paint(first.verdict))} ${bold(oneLine(first.id))} ${dim(`(${first.level})`)}`,
    ...prose(`rule: ${oneLine(first.title)}`).map((line) => dim(line)),
    ...prose(oneLine(first.message)).map((line) => paint(line)),
    ...exhibitsOf(first).flatMap((exhibit) => block(exhibit, options)),
    ...(first.trace === null ? [] : [`  capture: ${oneLine(first.trace)}`]),
    ...(others.length === 0 ? [] : prose(
      `the same in ${plural(others.length, "more case")}: ` +
        others.map(({ id }) => oneLine(id)).join(", "),
    )),
    `  reproduce: ${visible(first.reproduce)}`,
  ];
}

function block({ label, kind, text }: Exhibit, options: Options): string[] {
  const lines = text.replace(/\n$/, "").split("\n");
  const shown = options.verbose ? lines : lines.slice(0, LINES_AT_MOST);
  const more = lines.length - shown.length;
  const width = options.verbose ? Infinity : options.columns * ROWS_A_LINE - 4;
  return [
    `  ${bold(label)}`,
    ...shown.map((line) => line === "" ? "" : `    ${paintChange(cut(line, width), kind)}`),
    ...(more > 0 ? [dim(`    (${plural(more, "more line")}: --report markdown=FILE)`)] : []),
  ];
}

/** By code points, so that no character is cut in two. */
function cut(line: string, width: number): string {
  if (line.length <= width) return line;
  const characters = [...line];
  const more = characters.length - width;
  return more <= 0 ? line : `${characters.slice(0, width).join("")}... (${more} more)`;
}

function paintChange(line: string, kind: Exhibit["kind"]): string {
  if (kind === "text") return line;
  if (line.startsWith("- ")) return green(line);
  if (line.startsWith("+ ") || /^ *\^$/.test(line)) return red(line);
  return line;
}
