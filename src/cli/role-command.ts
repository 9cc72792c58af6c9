/** A role as a command: its options as data, parsed and explained by cac. */
import process from "node:process";
import { cac } from "cac";
import { UsageError } from "./usage.ts";

export interface RoleCommand {
  /** What stands after the role in the usage line. */
  readonly usage: string;
  readonly summary: string;
  readonly options: readonly (readonly [flags: string, help: string])[];
  readonly example: string;
  /** Returns the exit code. */
  run(args: readonly string[], options: Record<string, unknown>): Promise<number>;
}

/** Parses the arguments after the role and runs it. */
export async function runRoleCommand(
  name: string,
  command: RoleCommand,
  argv: readonly string[],
): Promise<number> {
  const cli = cac(`steelyard ${name}`);
  let code: Promise<number> | undefined;
  const main = cli.command("[...args]", command.summary).usage(command.usage);
  for (const [flags, help] of command.options) main.option(flags, help);
  main.example(command.example);
  main.action((args: string[], options: Record<string, unknown>) => {
    refuseRepeated(options, command.options);
    code = command.run(args.map(String), options);
  });
  cli.help();
  try {
    refuseEmpty(argv);
    cli.parse(["", "", ...argv]);
  } catch (error) {
    throw asUsageError(error, `steelyard ${name} --help`);
  }
  await Promise.resolve();
  return code ?? 0;
}

/** An empty text would be read as 0, or as nothing: a variable of a script that is not set. */
function refuseEmpty(argv: readonly string[]): void {
  const place = argv.findIndex((given) => given === "" || /^--[^=]+=$/.test(given));
  if (place < 0) return;
  const option = [argv[place], argv[place - 1]].find((given) => given?.startsWith("--"));
  const what = option === undefined ? "an argument" : `the value of ${option.replace(/=$/, "")}`;
  throw new UsageError(`${what} is empty; give one, or leave it out`);
}

/** Of an option given twice the last one would be taken, or the text of both. */
function refuseRepeated(given: Record<string, unknown>, known: RoleCommand["options"]): void {
  for (const [name, value] of Object.entries(given)) {
    if (name === "--" || !Array.isArray(value)) continue;
    const dashed = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const flag = name.length === 1 ? `-${dashed}` : `--${dashed}`;
    const [, help = ""] = known.find(([flags]) => flags.split(/[ ,]+/).includes(flag)) ?? [];
    if (help.includes("(repeatable)")) continue;
    throw new UsageError(`${flag} is given ${value.length} times; give it once`);
  }
}

/** cac's own errors are wrong usage; anything else is passed on. */
export function asUsageError(error: unknown, help: string): unknown {
  if (!(error instanceof Error) || error.name !== "CACError") return error;
  return new UsageError(`${error.message}; ${help} lists the options`);
}

/** For messages of the roles that are run outside of a terminal too. */
export function printError(message: string): void {
  process.stderr.write(`steelyard: ${message.replace(/[^\n\x20-\x7e\u00a0-\uffff]/g, "?")}\n`);
}
