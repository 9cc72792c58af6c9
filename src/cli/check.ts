/** `steelyard check [IMPLEMENTATION ...]`. */
import { cpus } from "node:os";
import process from "node:process";
import { cac } from "cac";
import { check, selectCases } from "../../conformance/check.ts";
import { sandboxProblem } from "../../conformance/engine/process/mod.ts";
import { executable } from "../../conformance/engine/package.ts";
import type { Level } from "../../conformance/engine/verdict.ts";
import {
  exitCodeOf,
  parseReportOptions,
  ReportOptionError,
  ReportWriteError,
  terminalReport,
  worstExitCode,
  writeReports,
  writeTraces,
} from "../../conformance/report/mod.ts";
import type { Report } from "../../conformance/report/mod.ts";
import type { RecordedDatagram } from "../../conformance/engine/datagram.ts";
import type { Implementation } from "../../conformance/engine/run/implementation.ts";
import { suiteOf } from "../../conformance/suites.ts";
import { runtime } from "../net/mod.ts";
import { createProgress } from "./check-progress.ts";
import { resolveImplementations } from "./implementations.ts";
import { asUsageError, printError } from "./role-command.ts";
import { oneOf, secondsAsMs, text, UsageError, wholeNumber } from "./usage.ts";

const RUNTIMES = ["bun", "deno", "node"] as const;
const SYSTEMS = ["redirect", "proxy", "mdalp", "directory", "medals"] as const;

export function checkCommand(argv: readonly string[]): Promise<number> {
  const cli = cac("steelyard check");
  let code: Promise<number> | undefined;
  const command = cli.command(
    "[...implementations]",
    "runs the suite: a manifest, a folder, reference, peer:NAME or mutant:NAME",
  );
  command
    .option("--system <name>", "only this system")
    .option("--role <name>", "only this role's cases")
    .option("--only <glob>", "only cases whose id, or whose rule's id, fits (repeatable)")
    .option("--level <level>", "must, should or may: this level and the stronger ones")
    .option("--jobs <number>", "cases at once (default: four times the cores, at most 16)")
    .option("--seed <number>", "the seed of everything random in the suite (default: 1)")
    .option(
      "--report <format=file>",
      "also write a report: json, junit, tap, markdown, ... (repeatable)",
    )
    .option("--traces <folder>", "write what was seen of each failing case: text, for UDP pcapng")
    .option(
      "--timeout <seconds>",
      "the limit of one case (default: 90; 720 where a case has to wait)",
    )
    .option(
      "--isolate <how>",
      "bwrap puts each program into a box; auto and none do not (default: auto)",
    )
    .option("--runtime <name>", "bun, deno or node: what the reference's processes run on")
    .option("--fast", "leave out what can only be seen by waiting for minutes")
    .option("--bless", "rewrite goldens that differ from what the implementation answers")
    .option("--verbose", "show every failing case in full")
    .example("steelyard check ./my-submission --role balancer --report markdown=report.md")
    .action((names: string[], options: Record<string, unknown>) => {
      code = runCheck(names.map(String), options);
    });
  cli.help();
  try {
    cli.parse(["", "", ...argv]);
  } catch (error) {
    throw asUsageError(error, "steelyard check --help");
  }
  return code ?? Promise.resolve(0);
}

async function runCheck(
  names: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const on = oneOf(options, "runtime", RUNTIMES) ?? runtime;
  executable(on);
  const system = oneOf(options, "system", SYSTEMS);
  const isolate = oneOf(options, "isolate", ["auto", "bwrap", "none"]) ?? "auto";
  if (isolate === "bwrap") {
    const problem = sandboxProblem();
    if (problem) throw new UsageError(`--isolate bwrap does not work here: ${problem}`);
  }
  const level = oneOf(options, "level", ["must", "should", "may"])?.toUpperCase() as
    | Level
    | undefined;
  const only = list(options.only);
  const role = text(options, "role");
  const selection = {
    ...(role ? { role } : {}),
    ...(only.length > 0 ? { only } : {}),
    ...(level ? { level } : {}),
  };
  const settings = {
    on,
    selection,
    jobs: wholeNumber(options, "jobs", { least: 1, most: 64 }) ?? Math.min(16, 4 * cpus().length),
    seed: wholeNumber(options, "seed", { least: 0, most: 0xffffffff }) ?? 1,
    isolation: isolate === "bwrap" ? "bwrap" as const : "none" as const,
    fast: options.fast === true,
    timeoutMs: secondsAsMs(options, "timeout"),
  };
  const reportOptions = parseReports(list(options.report));
  const implementations = await resolveImplementations(names, { on, system });
  for (const { note } of implementations) if (note) console.error(note);
  const chosen = withCases(implementations, selection);
  if (options.bless === true) {
    const { bless } = await import("../../conformance/bless.ts");
    return await bless(chosen, settings);
  }

  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  let reports: Report[] = [];
  /** Datagrams of cases that did not pass, by case, one map a report. */
  const recordings: Map<string, readonly RecordedDatagram[]>[] = [];
  const codes: (0 | 1 | 3)[] = [];
  for (const one of chosen) {
    if (stop.signal.aborted) break;
    const progress = createProgress(process.stderr, one.name);
    const suite = suiteOf(one.system)!;
    const recorded = new Map<string, readonly RecordedDatagram[]>();
    recordings.push(recorded);
    const report = await check(suite, one, {
      ...settings,
      onVerdict(result, done, total) {
        if (result.datagrams.length > 0) recorded.set(result.case.id, result.datagrams);
        progress.onVerdict(result, done, total);
      },
      signal: stop.signal,
    }).finally(progress.clear);
    reports.push(report);
    codes.push(exitCodeOf([report], knownFailures(one, report)));
  }
  const traces = text(options, "traces");
  if (traces !== undefined) {
    try {
      reports = writeTraces(reports, traces, recordings);
    } catch (error) {
      printError(`--traces ${traces}: ${(error as Error).message}`);
      codes.push(3);
    }
  }
  console.log(terminalReport(reports, {
    colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
    columns: process.stdout.columns ?? 100,
    verbose: options.verbose === true,
  }));
  await writeReports(reports, reportOptions, undefined, recordings).catch((error) => {
    if (!(error instanceof ReportWriteError)) throw error;
    printError(error.message);
    codes.push(3);
  });
  if (stop.signal.aborted) {
    printError("stopped before the end; what ran is reported above");
    codes.push(3);
  }
  return worstExitCode(codes);
}

/** Cases listed in the manifest as failing, whose failure has the message foretold, or that pass. */
function knownFailures(one: Implementation, report: Report): ReadonlySet<string> {
  const known = one.manifest.knownFailures ?? {};
  const ids = report.cases.filter(({ id, verdict, message }) => {
    const prefix = known[id];
    return prefix !== undefined && (verdict === "pass" || message.startsWith(prefix));
  });
  return new Set(ids.map(({ id }) => id));
}

/** Those for which the selection leaves a case; an error where it leaves none at all. */
function withCases(
  implementations: readonly Implementation[],
  selection: Parameters<typeof selectCases>[1],
): Implementation[] {
  for (const { system, given } of implementations) {
    if (!suiteOf(system)) {
      throw new UsageError(
        `${given} is of the system ${system}, which this version has no suite for`,
      );
    }
  }
  const chosen = implementations.filter((one) =>
    selectCases(suiteOf(one.system)!, selection).length > 0
  );
  if (chosen.length > 0) return chosen;
  throw new UsageError("no case fits the selection; steelyard list shows the cases");
}

function parseReports(given: readonly string[]) {
  try {
    return parseReportOptions([...given]);
  } catch (error) {
    if (error instanceof ReportOptionError) throw new UsageError(error.message);
    throw error;
  }
}

function list(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
