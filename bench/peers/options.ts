/** The options of the measurement. */
import type { Runtime } from "../../src/net/mod.ts";
import { among, parseOptions, runtimesOf, whole } from "../options.ts";

export interface Options {
  readonly rounds: number;
  /** How long wrk runs on one server in one round. */
  readonly seconds: number;
  /** Of those that the program has. */
  readonly parts: readonly string[];
  readonly runtimes: readonly Runtime[];
  /** Where the figures go as JSON. */
  readonly json: string | undefined;
  /** Another checkout, measured in the same rounds. */
  readonly before: string | undefined;
}

/** A program of this folder. */
export interface Program {
  /** `redirect`: its file without the ending. */
  readonly name: string;
  /** What it measures, each with a line of explanation. */
  readonly parts: Readonly<Record<string, string>>;
}

export function usage({ name, parts }: Program): string {
  const names = Object.keys(parts).join("|");
  const lines = Object.entries(parts).map(([part, what]) =>
    `                          ${part}: ${what}`
  );
  return `Usage: bun bench/peers/${name}.ts [options]
  --rounds <number>     interleaved rounds, 1..1000 (default: 10)
  --seconds <number>    whole seconds of wrk on each server in a round, 1..60 (default: 2)
  --only ${names.padEnd(14)} one part of it (default: all)
${lines.join("\n")}
  --runtimes <list>     of bun,deno,node (default: all three)
  --json <file>         writes the figures of every round as well
  --before <folder>     another checkout, measured in the same rounds, for the ratio to it`;
}

const NAMES = ["rounds", "seconds", "only", "runtimes", "json", "before"] as const;

/** Throws an OptionError. */
export function readOptions(argv: readonly string[], program: Program): Options | "help" {
  const values = parseOptions(argv, NAMES, usage(program));
  const all = Object.keys(program.parts);
  if (values.help) return "help";
  const { only, runtimes, json, before } = values;
  return {
    rounds: whole("rounds", values.rounds, 10, { least: 1, most: 1000 }),
    seconds: whole("seconds", values.seconds, 2, { least: 1, most: 60 }),
    parts: only === undefined ? all : [among("only", only, all)],
    runtimes: runtimesOf(runtimes),
    json,
    before,
  };
}
