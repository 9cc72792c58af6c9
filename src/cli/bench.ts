/** `steelyard bench [WORKLOAD ...]`: measures, shows, keeps and compares. */
import process from "node:process";
import {
  BaselineError,
  compareToBaseline,
  readBaseline,
  regressionsOf,
} from "../../bench/baseline.ts";
import { baselineText } from "../../bench/report/baseline-text.ts";
import { FORMATS, resultTable } from "../../bench/report/mod.ts";
import { tableFor } from "../../bench/published/mod.ts";
import type { BaselineResult, Results } from "../../bench/results.ts";
import { CUT } from "../../bench/run/round-result.ts";
import { runBench } from "../../bench/run/run.ts";
import { timeLeft } from "../../bench/run/time-left.ts";
import { asked } from "./bench-options.ts";
import type { Asked } from "./bench-options.ts";
import { benchList } from "./bench-list.ts";
import { filesOf, RESULTS, writeAll } from "./bench-files.ts";
import { benchProgress } from "./bench-progress.ts";
import { stopOnSignal } from "./bench-stop.ts";
import { repeated } from "./repeated.ts";
import { runRoleCommand } from "./role-command.ts";
import { EXIT, text, UsageError } from "./usage.ts";

export function benchCommand(argv: readonly string[]): Promise<number> {
  return runRoleCommand("bench", {
    usage: "[WORKLOAD ...] [options]",
    summary: "measures balanced against unbalanced transfers, every body checked by SHA-256",
    options: [
      ["--list", "shows the workloads and their set-ups, and measures nothing"],
      ["--full", "all runtimes, sizes and losses: hours rather than minutes"],
      ["--runtimes <list>", "what servers run on: of bun,deno,node"],
      ["--only <glob>", "only set-ups whose id fits, as '**/round-robin/**' (repeatable)"],
      ["--rounds <number>", "interleaved rounds, each of all set-ups; 6 or more give intervals"],
      ["--window <seconds>", "how long each set-up is measured in a round"],
      ["--rate <number>", "open loop: requests begun each second (default: closed loop)"],
      ["--seed <number>", "of orders, payloads and losses (default: 1)"],
      ["--load <url>", "measures a server of yours instead of a workload"],
      ["--connections <number>", "with --load: requests in flight (default: 50)"],
      ["--sha256 <hex>", "with --load: of the body (default: of the first one that comes)"],
      ["--close", "with --load: a connection for each request"],
      ["--table <source>", "lays a published table out again, with our figures: proxy or mdalp"],
      [
        "--out <dir>",
        `where bench.json, .csv, .md and .html go (default: a new one in ${RESULTS})`,
      ],
      ["--report <format=file>", `one of ${Object.keys(FORMATS).join(", ")} (repeatable)`],
      ["--baseline <file>", "compares with the bench.json of an earlier run"],
      ["--tolerance <percent>", "how much worse than the baseline is no regression (default: 5)"],
    ],
    example: "steelyard bench proxy --runtimes bun,node --only 'unequal/**'",
    run: bench,
  }, [...argv]);
}

async function bench(
  names: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  if (options.list === true) return benchList(names, options);
  const baselineFile = text(options, "baseline");
  const baseline = baselineFile === undefined ? undefined : usage(() => readBaseline(baselineFile));
  const tolerance = percent(options, "tolerance") ?? 0.05;
  const what = await asked(names, options);
  const files = filesOf(repeated(options.report), text(options, "out"));
  const stop = stopOnSignal();
  try {
    const measured = await measure(what, stop.signal);
    const compared = baseline && compareToBaseline(measured, baseline, { tolerance });
    const results = compared ? { ...measured, baseline: compared } : measured;
    const { isTTY, columns = 100 } = process.stdout;
    const look = { columns, color: isTTY === true && !process.env.NO_COLOR };
    console.log(resultTable(results, look));
    if (what.table) console.log(tableFor(what.table, results, look));
    const codes: number[] = [exitCodeOf(results), await writeAll(results, files)];
    if (compared) {
      console.log(`\n${baselineText(compared)}`);
      codes.push(baselineCode(compared));
    }
    return codes.includes(EXIT.fails) ? EXIT.fails : Math.max(...codes);
  } finally {
    stop.end();
  }
}

/** Nothing in common is no comparison, so that what was asked for is not there. */
function baselineCode(baseline: BaselineResult): number {
  if (baseline.changes.length === 0) return EXIT.incomplete;
  return regressionsOf(baseline).length > 0 ? EXIT.fails : EXIT.conforms;
}

async function measure(
  { planned, extent, seed, rate, budgetMs }: Asked,
  signal: AbortSignal,
): Promise<Results> {
  const progress = benchProgress(process.stderr, timeLeft(planned, () => performance.now()));
  signal.addEventListener("abort", () => progress.clear());
  try {
    return await runBench(planned, {
      extent,
      seed,
      rate,
      command: ["steelyard", ...process.argv.slice(2)].map(quoted).join(" "),
      signal,
      ...(budgetMs === undefined ? {} : { budgetMs }),
      onOpen: ({ name }) => progress.onOpen(name),
      onTurn: (turn) => progress.onTurn(turn),
    });
  } finally {
    progress.clear();
  }
}

/** A wrong or a short body fails the run; what is missing leaves it incomplete. */
function exitCodeOf({ complete, workloads }: Results): number {
  const rounds = workloads.flatMap(({ setUps }) => setUps.flatMap((setUp) => setUp.rounds));
  if (rounds.some(({ mismatch, failures }) => mismatch || failures[CUT])) return EXIT.fails;
  return complete ? EXIT.conforms : EXIT.incomplete;
}

function percent(options: Record<string, unknown>, name: string): number | undefined {
  const given = text(options, name);
  if (given === undefined) return undefined;
  const number = Number(given);
  if (given.trim() !== "" && number >= 0 && number < 100) return number / 100;
  throw new UsageError(`--${name} ${JSON.stringify(given)} is not a percentage in 0..100`);
}

function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BaselineError) throw new UsageError(error.message);
    throw error;
  }
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
