/**
 * What the manifest's schema is built of: objects that name unknown keys, and strings that say what is wrong.
 */
import * as v from "valibot";
import { plain, show } from "./manifest-error.ts";
import { suggestion } from "./near-miss.ts";

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const notAnObject = (issue: v.BaseIssue<unknown>) => `must be an object; got ${show(issue.input)}`;

/** A key as it stands in a path: `.run`, or `["odd key"]`. */
export function keyInPath(key: unknown): string {
  if (typeof key === "number") return `[${key}]`;
  return /^[$\w-]+$/.test(String(key)) ? `.${key}` : `[${plain(JSON.stringify(key))}]`;
}

/** Whether an issue is of keys that its object does not know: its message then has a line a key. */
export function isOfUnknownKeys(issue: v.BaseIssue<unknown>): boolean {
  return issue.type === "strict_object" && issue.expected === "never";
}

/** What an unknown key is called: a key, or a role. */
function unknownKeys(input: unknown, known: readonly string[], noun: string): string {
  return Object.keys(input as object).filter((key) => !known.includes(key)).map((key) =>
    `${keyInPath(key)}: unknown ${noun}; ${
      suggestion(key, known, `${noun}s here are ${known.join(", ")}`)
    }`
  ).join("\n");
}

/** An object with these entries and no others. Valibot stops at the first unknown key; the message has them all. */
export function bareStrict<const T extends v.ObjectEntries>(entries: T, noun = "key") {
  const known = Object.keys(entries);
  return v.strictObject(entries, (issue) => {
    const item = issue.path?.[0];
    if (item === undefined) return notAnObject(issue);
    if (issue.expected === "never") return unknownKeys(item.input, known, noun);
    return `missing; it is required`;
  });
}

/** The same, arrays refused: they are objects to Valibot. */
export function strict<const T extends v.ObjectEntries>(entries: T, noun = "key") {
  return v.pipe(v.any(), v.check(isObject, notAnObject), bareStrict(entries, noun));
}

/** An object of which the keys are free. */
export function recordOf<
  const K extends v.BaseSchema<string, string, v.BaseIssue<unknown>>,
  const T extends v.GenericSchema,
>(key: K, value: T) {
  return v.pipe(v.any(), v.check(isObject, notAnObject), v.record(key, value, notAnObject));
}

/** A string for which `problem` says nothing. NUL never: neither arguments nor file names can hold it. */
export function text(problem: (value: string) => string | undefined = () => undefined) {
  const whole = (value: string) =>
    value.includes("\0") ? `${show(value)} holds a NUL; leave it out` : problem(value);
  return v.pipe(
    v.string((issue) => `must be a string; got ${show(issue.input)}`),
    v.check((value) => whole(value) === undefined, (issue) => whole(issue.input)!),
  );
}

/** A string that is not empty. */
export const nonEmpty = text((value) => value === "" ? "must not be empty" : undefined);

/** One of these words; `noun` says what they are. */
export function oneOf<const T extends readonly string[]>(options: T, noun: string) {
  return v.picklist(options, (issue) => wordProblem(issue.input, options, noun));
}

export function wordProblem(input: unknown, options: readonly string[], noun: string): string {
  const all = `it is one of ${options.join(", ")}`;
  if (input === undefined) return `missing; ${all}`;
  return `unknown ${noun} ${show(input)}; ${suggestion(String(input), options, all)}`;
}

export function listOf<const T extends v.GenericSchema>(item: T) {
  return v.array(item, (issue) => `must be a list; got ${show(issue.input)}`);
}
