/**
 * The one error of this folder, and how it shows values that came from outside.
 */

export type ManifestErrorCode = "not-found" | "not-json" | "invalid" | "unreadable";

/**
 * A manifest that cannot be used. `problems` are all that are known, `message` is the same as one text,
 * a line each.
 */
export class ManifestError extends Error {
  readonly code: ManifestErrorCode;
  readonly problems: readonly string[];

  constructor(code: ManifestErrorCode, problems: string | readonly string[]) {
    const list = typeof problems === "string" ? [problems] : problems;
    super(list.join("\n"));
    this.name = "ManifestError";
    this.code = code;
    this.problems = list;
  }
}

/** The longest text of a value that a message shows, in UTF-16 units. */
const SHOWN = 80;

/** C0, DEL and C1 controls, and the marks that reorder text on a terminal. */
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Text from outside without what a terminal would obey. */
export function plain(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A value from outside as JSON, shortened, without what a terminal would obey. */
export function show(value: unknown): string {
  const text = plain(JSON.stringify(value) ?? String(value));
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}...`;
}
