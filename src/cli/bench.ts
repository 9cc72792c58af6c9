/** `steelyard bench [WORKLOAD ...]`: measures, shows, keeps and compares. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { BaselineError, compareToBaseline, readBaseline } from "../../bench/baseline.ts";
import { baselineText } from "../../bench/report/baseline-text.ts";
import { FORMATS, resultTable, writeFiles, writeReport } from "../../bench/report/mod.ts";
import { tableFor } from "../../bench/published/mod.ts";
import type { Results } from "../../bench/results.ts";
import { CUT } from "../../bench/run/round-result.ts";
import { runBench } from "../../bench/run/run.ts";
import { timeLeft } from "../../bench/run/time-left.ts";
import { asked } from "./bench-options.ts";
import type { Asked } from "./bench-options.ts";
import { benchList } from "./bench-list.ts";
import { benchProgress } from "./bench-progress.ts";
import { repeated } from "./repeated.ts";
import { printError, runRoleCommand } from "./role-command.ts";
import { EXIT, text, UsageError } from "./usage.ts";

const OUT = "bench-results";

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
      ["--out <dir>", `where bench.json, .csv, .md and .html go (default: a new one in ${OUT})`],
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
  const reports = reportsOf(repeated(options.report));
  const what = await asked(names, options);
  const results = await measure(what);
  const { isTTY, columns = 100 } = process.stdout;
  const look = { columns, color: isTTY === true && !process.env.NO_COLOR };
  console.log(resultTable(results, look));
  if (what.table) console.log(tableFor(what.table, results, look));
  const codes: number[] = [exitCodeOf(results)];
  codes.push(await keep(results, reports, text(options, "out")));
  if (baseline) {
    const compared = compareToBaseline(results, baseline, { tolerance });
    console.log(`\n${baselineText(compared, tolerance)}`);
    if (compared.regressions.length > 0) codes.push(EXIT.fails);
  }
  return codes.includes(EXIT.fails) ? EXIT.fails : Math.max(...codes);
}

/** A first signal ends the measurement in order, a second one the program. */
async function measure({ planned, extent, seed, rate }: Asked): Promise<Results> {
  const stop = new AbortController();
  const now = () => performance.now();
  const progress = benchProgress(process.stderr, timeLeft(planned, now));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const onSignal = (name: NodeJS.Signals) => {
    if (stop.signal.aborted) process.exit(EXIT.incomplete);
    progress.clear();
    printError(`${name}: stopping; what was measured until now is kept`);
    stop.abort(new Error(`stopped by ${name}`));
  };
  for (const name of signals) process.on(name, onSignal);
  try {
    return await runBench(planned, {
      extent,
      seed,
      rate,
      command: ["steelyard", ...process.argv.slice(2)].map(quoted).join(" "),
      signal: stop.signal,
      onOpen: ({ name }) => progress.onOpen(name),
      onTurn: (turn) => progress.onTurn(turn),
    });
  } finally {
    progress.clear();
    for (const name of signals) process.off(name, onSignal);
  }
}

/** A wrong or a short body fails the run; what is missing leaves it incomplete. */
function exitCodeOf({ complete, workloads }: Results): number {
  const rounds = workloads.flatMap(({ setUps }) => setUps.flatMap((setUp) => setUp.rounds));
  if (rounds.some(({ mismatch, failures }) => mismatch || failures[CUT])) return EXIT.fails;
  return complete ? EXIT.conforms : EXIT.incomplete;
}

/** Writes the files and says where they are; what cannot be written is told, and leaves the run incomplete. */
async function keep(
  results: Results,
  reports: readonly Report[],
  out: string | undefined,
): Promise<number> {
  let code: number = EXIT.conforms;
  const tried = async (write: () => Promise<readonly string[]>) => {
    try {
      for (const path of await write()) console.log(`written: ${path}`);
    } catch (error) {
      printError((error as Error).message);
      code = EXIT.incomplete;
    }
  };
  for (const { format, file } of reports) {
    await tried(async () => [await writeReport(results, format, file)]);
  }
  if (out !== undefined || reports.length === 0) {
    const folder = out ?? join(OUT, results.started.replace(/[:.]/g, "-"));
    await tried(async () => {
      await mkdir(folder, { recursive: true });
      return await writeFiles(results, folder);
    });
  }
  return code;
}

interface Report {
  readonly format: string;
  readonly file: string;
}

function reportsOf(given: readonly string[]): Report[] {
  return given.map((one) => {
    const [, format = "", file = ""] = /^([^=]*)=(.+)$/.exec(one) ?? [];
    if (Object.hasOwn(FORMATS, format)) return { format, file };
    throw new UsageError(
      `--report ${JSON.stringify(one)} is not FORMAT=FILE with a format of ` +
        Object.keys(FORMATS).join(", "),
    );
  });
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
