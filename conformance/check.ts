/** `check` as a function: from names of implementations to reports. */
import { arch, cpus, platform, release } from "node:os";
import picomatch from "picomatch";
import { runtime, runtimeVersion } from "../src/net/mod.ts";
import type { Runtime } from "../src/net/mod.ts";
import type { Case, Suite } from "./engine/case.ts";
import { packageVersion, suiteDigest } from "./engine/package.ts";
import type { Implementation } from "./engine/run/implementation.ts";
import { rolesOf, runCases } from "./engine/run/runner.ts";
import type { CaseResult } from "./engine/run/runner.ts";
import type { Level } from "./engine/verdict.ts";
import { conformsOf, summarise } from "./report/mod.ts";
import type { CaseReport, Report } from "./report/mod.ts";

/** Which cases are run. */
export interface Selection {
  readonly role?: string;
  /** Globs of case ids; a rule's id stands for its variants too. */
  readonly only?: readonly string[];
  /** This level and the stronger ones. */
  readonly level?: Level;
}

export interface CheckOptions {
  readonly selection: Selection;
  readonly on: Runtime;
  readonly jobs: number;
  readonly seed: number;
  readonly isolation?: "bwrap" | "none";
  readonly fast: boolean;
  readonly timeoutMs: number | undefined;
  readonly onVerdict?: (result: CaseResult, done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

const LEVELS: readonly Level[] = ["MUST", "SHOULD", "MAY"];

/** The cases of a suite that a selection leaves. */
export function selectCases(suite: Suite, selection: Selection): Case[] {
  const { role, only, level } = selection;
  const matches = only?.map((glob) => picomatch(glob)) ?? [];
  return suite.cases.filter((one) => {
    const rule = suite.rules.find(({ id }) => id === one.rule);
    if (!rule) return false;
    if (role && rule.role !== role && !rolesOf(one, rule).includes(role)) return false;
    if (level && LEVELS.indexOf(rule.level) > LEVELS.indexOf(level)) return false;
    return matches.length === 0 || matches.some((match) => match(one.id) || match(one.rule));
  });
}

/** Runs the selected cases against one implementation. */
export async function check(
  suite: Suite,
  implementation: Implementation,
  options: CheckOptions,
): Promise<Report> {
  const started = new Date();
  const cases = selectCases(suite, options.selection);
  const results = await runCases(suite, cases, implementation, options);
  const reports = results.map((result) => caseReport(result, implementation, options));
  return {
    schema: "steelyard/report/1",
    system: suite.system,
    implementation: {
      name: implementation.name,
      digest: implementation.digest,
      manifest: implementation.manifestPath,
    },
    suite: { version: packageVersion, digest: suiteDigest() },
    host: {
      runtime,
      runtimeVersion,
      os: `${platform()} ${release()} ${arch()}`,
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      isolation: options.isolation ?? "none",
    },
    seed: options.seed,
    started: started.toISOString(),
    durationMs: Date.now() - started.getTime(),
    summary: summarise(reports),
    conforms: conformsOf(reports),
    cases: reports,
  };
}

function caseReport(
  { case: one, rule, outcome, verdict, durationMs }: CaseResult,
  implementation: Implementation,
  options: CheckOptions,
): CaseReport {
  const evidence = outcome.kind === "fail" ? outcome.evidence : undefined;
  return {
    id: one.id,
    rule: rule.id,
    role: rule.role,
    level: rule.level,
    title: one.title,
    verdict,
    durationMs,
    message: outcome.message,
    sent: evidence?.sent ?? null,
    expected: evidence?.expected ?? null,
    actual: evidence?.actual ?? null,
    reproduce: reproduceCommand(one.id, implementation, options),
    trace: null,
    source: rule.source,
  };
}

/** One command that runs one case again, as it can be pasted into a shell. */
export function reproduceCommand(
  id: string,
  implementation: Implementation,
  options: Pick<CheckOptions, "seed" | "on">,
): string {
  const own = /^(reference|mutant:)/.test(implementation.given);
  const parts = ["npx", "steelyard", "check", quote(implementation.given)];
  if (own) parts.push("--runtime", options.on);
  parts.push(
    "--system",
    implementation.system,
    "--only",
    quote(id),
    "--seed",
    String(options.seed),
  );
  return parts.join(" ");
}

function quote(text: string): string {
  return /^[A-Za-z0-9_./:@=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
