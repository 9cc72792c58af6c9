/** The options of the measurement. */
import { parseArgs } from "node:util";
import type { Runtime } from "../../src/net/mod.ts";

export interface Options {
  readonly rounds: number;
  /** How long wrk runs on one server in one round. */
  readonly seconds: number;
  readonly parts: readonly Part[];
  readonly runtimes: readonly Runtime[];
  /** Where the figures go as JSON. */
  readonly json: string | undefined;
  /** Another checkout, measured in the same rounds. */
  readonly before: string | undefined;
}

export type Part = "301" | "file";

export class OptionError extends Error {
  readonly code = "option";
}

export const USAGE = `Usage: bun bench/peers/redirect.ts [options]
  --rounds <number>     interleaved rounds, 1..1000 (default: 10)
  --seconds <number>    whole seconds of wrk on each server in a round, 1..60 (default: 2)
  --only 301|file       the balancer's answers, or the server's large file (default: both)
  --runtimes <list>     of bun,deno,node (default: all three)
  --json <file>         writes the figures of every round as well
  --before <folder>     another checkout, measured in the same rounds, for the ratio to it`;

const PARTS: readonly Part[] = ["301", "file"];
const RUNTIMES: readonly Runtime[] = ["bun", "deno", "node"];

export function readOptions(argv: readonly string[]): Options | "help" {
  const values = parse(argv);
  if (values.help) return "help";
  const { only, runtimes = RUNTIMES.join(), json, before } = values;
  return {
    rounds: whole("rounds", values.rounds, 10, 1000),
    seconds: whole("seconds", values.seconds, 2, 60),
    parts: only === undefined ? PARTS : [among("only", only, PARTS)],
    runtimes: [...new Set(runtimes.split(","))].map((name) => among("runtimes", name, RUNTIMES)),
    json,
    before,
  };
}

function parse(argv: readonly string[]) {
  const text = { type: "string" } as const;
  const options = {
    rounds: text,
    seconds: text,
    only: text,
    runtimes: text,
    json: text,
    before: text,
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw new OptionError(`${(error as Error).message}\n${USAGE}`);
  }
}

function whole(name: string, given: string | undefined, usual: number, most: number): number {
  if (given === undefined) return usual;
  const number = Number(given);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new OptionError(`--${name} ${JSON.stringify(given)} is not a whole number in 1..${most}`);
}

function among<T extends string>(name: string, given: string, allowed: readonly T[]): T {
  if (allowed.includes(given as T)) return given as T;
  throw new OptionError(`--${name} ${JSON.stringify(given)} is none of ${allowed.join(", ")}`);
}
