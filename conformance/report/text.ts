/**
 * Text from outside, made safe to show: evidence comes escaped, messages and names may not.
 *
 * Every format shows the same escapes as golden files, so that what a student reads can be searched for.
 */

// What a terminal, XML or YAML acts on instead of showing: C0 but LF, DEL and C1, line and paragraph
// separators, bidirectional controls (they reorder a line on screen), lone surrogates, non-characters.
const UNSHOWN =
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Cs}/gu;

/** Control characters other than LF as `\xHH`, others that do not show as `\u{HHHH}`. */
export function visible(text: string): string {
  return text.replace(UNSHOWN, (character) => {
    const hex = character.charCodeAt(0).toString(16);
    return hex.length <= 2 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
  });
}

/** As {@link visible}, with every run of line ends and the spaces around it made one space. */
export function oneLine(text: string): string {
  return visible(text).replace(/\s*\n\s*/g, " ").trim();
}

/** `1 case`, `2 cases`. */
export function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** Breaks lines at spaces to at most `columns`; a word that is longer keeps its own line whole. */
export function wrap(text: string, columns: number): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > columns) {
        lines.push(line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    return [...lines, line];
  });
}
