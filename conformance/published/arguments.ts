/** The command line of the runner: the document, `--demo`, and options that `check` is given. */
import { parseArgs } from "node:util";
import { outsidePath } from "./private-network.ts";

export const USAGE = `run.ts DOCUMENT [--demo] [OPTIONS OF CHECK]

Runs the suite on the three scripts of the lab report DOCUMENT (proxy-lab.txt), as they are, in a
network and a /tmp of their own. Options of check: --only --role --level --seed --report --traces
--timeout --isolate --fast --verbose; see steelyard check --help.

  --demo   replays the lab's three set-ups under wrk instead, for a few seconds each
  --help   shows this`;

/** Wrong usage: exit code 2. */
export class WrongUsage extends Error {
  readonly code = "usage";
}

export interface Arguments {
  readonly help: boolean;
  readonly demo: boolean;
  readonly document: string;
  /** For `check`, with paths as they are inside. */
  readonly options: readonly string[];
}

const OPTIONS = {
  help: { type: "boolean", short: "h" },
  demo: { type: "boolean" },
  only: { type: "string", multiple: true },
  role: { type: "string" },
  level: { type: "string" },
  seed: { type: "string" },
  report: { type: "string", multiple: true },
  traces: { type: "string" },
  timeout: { type: "string" },
  isolate: { type: "string" },
  fast: { type: "boolean" },
  verbose: { type: "boolean" },
} as const;

/** @throws {WrongUsage} */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parsed(argv);
  const { help = false, demo = false, ...options } = values;
  const [document = "", ...others] = positionals;
  if (!help && (document === "" || others.length > 0)) {
    throw new WrongUsage(`one document is needed, and ${positionals.length} are given\n\n${USAGE}`);
  }
  return { help, demo, document, options: Object.entries(options).flatMap(forCheck) };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new WrongUsage(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function forCheck([name, value]: [string, string | boolean | string[]]): string[] {
  if (value === true) return [`--${name}`];
  return [value].flat().flatMap((text) => [`--${name}`, inside(name, String(text))]);
}

/** Files are written where the user sees them: the /tmp inside is another one. */
function inside(option: string, value: string): string {
  if (option === "traces") return outsidePath(value);
  if (option !== "report") return value;
  const equals = value.indexOf("=");
  return equals === -1 ? value : value.slice(0, equals + 1) + outsidePath(value.slice(equals + 1));
}
