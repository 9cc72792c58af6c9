/** Options of the programs below: numbers in a range, and what is said of others. */
import { parseArgs } from "node:util";

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

/** A whole number within a range, or what is usual where none is given. */
export function whole(name: string, given: string | undefined, usual: number, range: Range) {
  if (given === undefined) return usual;
  const number = Number(given);
  const { least, most } = range;
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new OptionError(
    `--${name} ${JSON.stringify(given)} is not a whole number in ${least}..${most}`,
  );
}
