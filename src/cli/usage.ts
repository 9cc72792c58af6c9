/** Errors of usage, and the reading of option values. Exit code 2. */

export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Documented exit codes: DESIGN, "Command line". */
export const EXIT = { conforms: 0, fails: 1, usage: 2, incomplete: 3 } as const;

/** A whole number within bounds, or the default where the option was not given. */
export function wholeNumber(
  options: Record<string, unknown>,
  name: string,
  bounds: { readonly least: number; readonly most: number },
): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= bounds.least && number <= bounds.most) return number;
  throw new UsageError(
    `--${dashed(name)} ${show(value)} is not a whole number in ${bounds.least}..${bounds.most}`,
  );
}

/** A number of seconds above 0, as milliseconds. */
export function secondsAsMs(options: Record<string, unknown>, name: string): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (seconds > 0 && seconds <= 86_400) return seconds * 1000;
  throw new UsageError(`--${dashed(name)} ${show(value)} is not a number of seconds in 0..86400`);
}

/** One of a list. */
export function oneOf<T extends string>(
  options: Record<string, unknown>,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (allowed.includes(value as T)) return value as T;
  throw new UsageError(`--${dashed(name)} ${show(value)} is none of ${allowed.join(", ")}`);
}

/** The option's text; a flag given without its value is an error. */
export function text(options: Record<string, unknown>, name: string): string | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new UsageError(`--${dashed(name)} needs a value`);
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "";
}
