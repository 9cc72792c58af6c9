/** Text from outside, made safe to show, and fitted into lines. */

// What a terminal or a reader's eye is led astray by: C0, DEL and C1, line and paragraph separators,
// bidirectional controls, lone surrogates, non-characters.
const UNSHOWN =
  /[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Cs}/gu;

/** One line without control characters: line ends as spaces, others as `\x1b` or `\u{202e}`. */
export function harmless(text: string): string {
  return text.replace(/\s*[\r\n]\s*/g, " ").replace(UNSHOWN, (character) => {
    const hex = character.charCodeAt(0).toString(16);
    return hex.length > 2 ? `\\u{${hex}}` : `\\x${hex.padStart(2, "0")}`;
  });
}

/** `1 round`, `2 rounds`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * Lines of at most `columns` characters, broken at spaces and, where a word is longer than a line,
 * in it; those after the first begin with `indent`.
 */
export function wrapped(text: string, columns: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = /^ */.exec(text)?.[0] ?? "";
  let isEmpty = true;
  const room = Math.max(1, columns - Math.max(line.length, indent.length));
  const words = text.trimStart().split(" ").flatMap((word) => pieces(word, room));
  for (const word of words) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

function pieces(word: string, longest: number): string[] {
  const count = Math.max(1, Math.ceil(word.length / longest));
  return Array.from({ length: count }, (_, i) => word.slice(i * longest, (i + 1) * longest));
}

/** Cut to a width, with an ellipsis where something was left out. */
export function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}

/** With a capital first letter. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
