/** Options of the programs below: numbers in a range, and what is said of others. */
import { parseArgs } from "node:util";
import type { Runtime } from "../src/net/mod.ts";
import { ALL_RUNTIMES } from "./workloads/runtimes.ts";

export class OptionError extends Error {
  readonly code = "option";
}

/** The values of the options `names`, all of which take one; throws an OptionError for others. */
export function parseOptions<Name extends string>(
  argv: readonly string[],
  names: readonly Name[],
  usage: string,
): Partial<Record<Name, string>> & { help?: boolean } {
  const text = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  const help = { type: "boolean" as const, short: "h" };
  try {
    const { values } = parseArgs({ args: [...argv], options: { ...text, help }, strict: true });
    return values as Partial<Record<Name, string>> & { help?: boolean };
  } catch (error) {
    throw new OptionError(`${(error as Error).message}\n${usage}`);
  }
}

export interface Range {
  readonly least: number;
  readonly most: number;
}

/** A whole number within a range, or what is usual where none is given; throws an OptionError for others. */
export function whole(name: string, given: string | undefined, usual: number, range: Range) {
  if (given === undefined) return usual;
  const number = Number(given);
  const { least, most } = range;
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new OptionError(
    `--${name} ${JSON.stringify(given)} is not a whole number in ${least}..${most}`,
  );
}

/** One of the words that are allowed; throws an OptionError for others. */
export function among<Word extends string>(
  name: string,
  given: string,
  allowed: readonly Word[],
): Word {
  if (allowed.includes(given as Word)) return given as Word;
  throw new OptionError(`--${name} ${JSON.stringify(given)} is none of ${allowed.join(", ")}`);
}

/** The runtimes of a list such as `bun,node`, each once; all where none is given. */
export function runtimesOf(given: string | undefined): readonly Runtime[] {
  if (given === undefined) return ALL_RUNTIMES;
  return [...new Set(given.split(","))].map((name) => among("runtimes", name, ALL_RUNTIMES));
}
