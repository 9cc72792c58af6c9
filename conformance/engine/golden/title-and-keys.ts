/** The head of a golden file, whatever follows: `### ` and a title, then `# key: value` lines. */
import { GoldenError } from "./golden-error.ts";

export interface TitleAndKeys {
  readonly title: string;
  readonly keys: Record<string, string>;
  /** The index of the line after them. */
  readonly end: number;
}

export interface HeadRules {
  isKey(key: string): boolean;
  /** The keys that there are, for the message. */
  readonly known: Iterable<string>;
  /** The first line of what follows. */
  readonly marker: RegExp;
  /** What follows, in a word for the message: `messages`. */
  readonly follows: string;
}

/** Throws a GoldenError of this path and line, counted from 0. */
export type Fail = (line: number, message: string) => never;

export function failIn(path: string): Fail {
  return (line, message) => {
    throw new GoldenError(`${path}:${line + 1}: ${message}`);
  };
}

export function readTitleAndKeys(
  lines: readonly string[],
  { isKey, known, marker, follows }: HeadRules,
  fail: Fail,
): TitleAndKeys {
  const first = lines[0] ?? "";
  if (!first.startsWith("### ")) fail(0, "the first line is not `### ` and a title");
  const keys: Record<string, string> = {};
  let at = 1;
  for (; at < lines.length && !marker.test(lines[at] as string); at++) {
    const line = lines[at] as string;
    if (line.trim() === "") continue;
    const match = /^# ([a-z-]+)(?:: (.*))?$/.exec(line);
    if (!match) fail(at, `not \`# key: value\`; ${follows} begin after \`>>>\` or \`<<<\``);
    const key = match?.[1] as string;
    if (!isKey(key)) {
      fail(at, `unknown key ${JSON.stringify(key)}; there is ${[...known].join(", ")}`);
    }
    keys[key] = match?.[2] ?? "yes";
  }
  return { title: first.slice(4).trim(), keys, end: at };
}
