/**
 * A small readable difference of two texts, line by line, with a caret under the first byte that differs.
 *
 *       HTTP/1.1 404 Not Found
 *     - Content-Length: 12
 *     + Content-Length: 13
 *                        ^
 */
import { type Step, steps } from "./common-lines.ts";
import { visible } from "./text.ts";

/** Equal lines kept on each side of a change. */
const CONTEXT = 3;
/** A line differing beyond this column is shown from shortly before, or the caret is off the screen. */
const FAR_COLUMN = 60;

/** Whether a difference tells more than the two texts: both have lines, and they share one. */
export function diffIsUseful(expected: string, actual: string): boolean {
  const wanted = linesOf(expected);
  const came = new Set(linesOf(actual));
  return expected !== actual && wanted.length > 1 && came.size > 1 &&
    wanted.some((line) => line !== "" && came.has(line));
}

/** Lines marked `-` expected, `+` came, ` ` both; empty where the texts are equal. */
export function diffLines(expected: string, actual: string): string {
  if (expected === actual) return "";
  const rendered = render(steps(linesOf(expected), linesOf(actual)));
  if (expected.endsWith("\n") && !actual.endsWith("\n")) {
    rendered.push("(what came has no last line end)");
  }
  if (!expected.endsWith("\n") && actual.endsWith("\n")) {
    rendered.push("(what came has one more line end)");
  }
  return rendered.join("\n");
}

function linesOf(text: string): string[] {
  const lines = visible(text).split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function render(all: Step[]): string[] {
  const out: string[] = [];
  for (let at = 0; at < all.length;) {
    const same = run(all, at, " ");
    at += same.length;
    out.push(...context(same, at === same.length, at === all.length));
    const gone = run(all, at, "-");
    const extra = run(all, at + gone.length, "+");
    at += gone.length + extra.length;
    for (let pair = 0; pair < Math.max(gone.length, extra.length); pair++) {
      out.push(...change(gone[pair], extra[pair]));
    }
  }
  return out;
}

function run(all: Step[], from: number, mark: Step["mark"]): string[] {
  const lines: string[] = [];
  for (let at = from; all[at]?.mark === mark; at++) lines.push(all[at]?.line ?? "");
  return lines;
}

function context(same: string[], first: boolean, last: boolean): string[] {
  const before = first ? 0 : CONTEXT;
  const after = last ? 0 : CONTEXT;
  const hidden = same.length - before - after;
  const show = (lines: string[]) => lines.map((line) => line === "" ? "" : `  ${line}`);
  if (hidden <= 1) return show(same);
  return [
    ...show(same.slice(0, before)),
    `  ... (${hidden} equal lines)`,
    ...show(same.slice(same.length - after)),
  ];
}

function change(want: string | undefined, got: string | undefined): string[] {
  if (want === undefined) return [`+ ${got}`];
  if (got === undefined) return [`- ${want}`];
  const differs = firstDifference(want, got);
  const from = differs > FAR_COLUMN ? differs - FAR_COLUMN / 2 : 0;
  const lead = from > 0 ? "..." : "";
  const caret = " ".repeat(cells(lead + want.slice(from, differs)));
  return [`- ${lead}${want.slice(from)}`, `+ ${lead}${got.slice(from)}`, `  ${caret}^`];
}

/** Steps back to the start of an escape or a surrogate pair: a caret inside one names no byte. */
function firstDifference(want: string, got: string): number {
  let at = 0;
  while (at < want.length && want[at] === got[at]) at++;
  const escape = /\\x[0-9a-fA-F]?$|\\u\{[0-9a-f]*$|\\$|[\ud800-\udbff]$/.exec(want.slice(0, at));
  return escape ? escape.index : at;
}

/** Terminal cells: emoji and East Asian wide characters take two. */
function cells(text: string): number {
  const wide =
    /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60]/gu;
  return [...text].length + (text.match(wide)?.length ?? 0);
}
