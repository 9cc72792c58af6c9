/** From arguments to a command and from an error to an exit code. */
import { run } from "./run.ts";
import { printError } from "./role-command.ts";
import { EXIT, UsageError } from "./usage.ts";

type Command = (argv: readonly string[]) => Promise<number>;

/**
 * The commands, each with a line of help. They are loaded when they are asked for: a role that runs
 * hundreds of times in a check must not load the suite.
 */
const COMMANDS: Readonly<Record<string, { help: string; load(): Promise<Command> }>> = {
  check: {
    help: "check [IMPLEMENTATION ...]   runs the suite against an implementation",
    load: async () => (await import("./check.ts")).checkCommand,
  },
  list: {
    help: "list                         shows the cases, or with --rules the rules",
    load: async () => (await import("./list.ts")).listCommand,
  },
  explain: {
    help: "explain CASE_OR_RULE         shows a case with its rule, its golden and its history",
    load: async () => (await import("./explain.ts")).explainCommand,
  },
  record: {
    help: "record IMPLEMENTATION ...    records an exchange and writes it as a golden",
    load: async () => (await import("./record.ts")).recordCommand,
  },
  trace: {
    help: "trace COMMAND FILE           judges, shows or converts a capture of an MDALP transfer",
    load: async () => (await import("./trace.ts")).traceCommand,
  },
  bench: {
    help: "bench [WORKLOAD ...]         measures balanced against unbalanced transfers",
    load: async () => (await import("./bench.ts")).benchCommand,
  },
  run: {
    help: "run SYSTEM ROLE ...          starts a reference role in the foreground",
    load: () => Promise.resolve(run),
  },
  // Started by the suite and by the benchmark, never by hand: they have no line of help.
  "bench-process": {
    help: "",
    load: async () => (await import("./bench-process.ts")).benchProcess,
  },
  mutant: { help: "", load: async () => (await import("./mutant.ts")).mutantCommand },
};

export async function main(argv: readonly string[]): Promise<number> {
  try {
    const [name, ...rest] = argv;
    if (name === undefined || name === "--help" || name === "-h" || name === "help") return help();
    if (name === "--version" || name === "-v") return await version();
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw unknownCommand(name);
    return await (await command.load())(rest);
  } catch (error) {
    return failed(error);
  }
}

function help(): number {
  console.log("steelyard: checks and measures small load-balancing systems\n\nUsage:");
  for (const { help } of Object.values(COMMANDS)) if (help) console.log(`  steelyard ${help}`);
  console.log("\n--help after a command explains it.");
  return EXIT.conforms;
}

async function version(): Promise<number> {
  const { packageVersion } = await import("../../conformance/engine/package.ts");
  console.log(packageVersion);
  return EXIT.conforms;
}

function unknownCommand(name: string): UsageError {
  const names = Object.keys(COMMANDS).join(", ");
  return new UsageError(`no command ${JSON.stringify(name)}; there is ${names}`);
}

/** Errors that say what to change in what was given: exit code 2. */
const USAGE = new Set(["UsageError", "ManifestError", "GoldenError"]);

function failed(error: unknown): number {
  const name = error instanceof Error ? error.constructor.name : "";
  const message = error instanceof Error ? error.message : String(error);
  printError(message);
  return USAGE.has(name) ? EXIT.usage : EXIT.fails;
}
