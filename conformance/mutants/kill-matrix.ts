/**
 * The kill matrix: each mutant against the cases of its role, in the suite of its system.
 * `node kill-matrix.ts [--system NAME] [--only GLOB] [--sample | --write]`.
 */
import { writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import picomatch from "picomatch";
import type { Runtime } from "../../src/net/mod.ts";
import { check } from "../check.ts";
import type { CaseReport } from "../report/mod.ts";
import { suiteOf } from "../suites.ts";
import { judgedCases } from "./judged-cases.ts";
import type { Extent } from "./judged-cases.ts";
import { killMatrixDocument } from "./kill-matrix-document.ts";
import { DOCUMENT, isAsKept, keptDocument } from "./kept-rows.ts";
import { MUTANTS } from "./list.ts";
import type { Mutant } from "./list.ts";
import { judgedRoles, mutantImplementation } from "./mod.ts";

/** What became of one mutant. */
export interface Kill {
  readonly mutant: Mutant;
  /** Ids of rules with a failure, in the order of the rules. */
  readonly rules: readonly string[];
  /** Ids of cases that failed, in the order of the cases. */
  readonly cases: readonly string[];
  /** Cases without a verdict: the matrix says nothing then. */
  readonly errors: readonly string[];
}

export interface MatrixOptions {
  readonly on: Runtime;
  readonly extent: Extent;
  /** The mutants of this system only. */
  readonly system?: string;
  /** A glob of mutants' names. */
  readonly only?: string;
  readonly seed: number;
  readonly onKill?: (kill: Kill) => void;
}

/** Cases at once of each mutant; fewer where a second run has to be right. */
const JOBS = 4;
const JOBS_AGAIN = 2;
/** At most so many further runs, of which the last counts. */
const RUNS_AGAIN = 2;
/** Three times what the longest case takes the reference; a mutant that waits for ever is no better. */
const CASE_MS = 30_000;
/** Sixty rewrites of a selector's file, one a second. */
const CASE_MS_OF: Readonly<Record<string, number>> = { proxy: 90_000 };

/**
 * Most of a run is waiting, so that a few side by side disturb each other little; fewer where cases
 * go by the clock. A selector does nothing but wait.
 */
const AT_ONCE: Readonly<Record<string, number>> = { mdalp: 6, "proxy.selector": 8 };
const AT_ONCE_ELSE = 3;

/**
 * Runs the mutants, a few at once, and again, alone, those that are not right or not as the document
 * has them: a busy machine may upset what goes by the clock. The last run counts.
 */
export async function killMatrix(options: MatrixOptions): Promise<Kill[]> {
  const matches = picomatch(options.only ?? "*");
  const mutants = MUTANTS.filter(({ name, system }) =>
    matches(name) && (options.system ?? system) === system
  );
  const kept = keptDocument();
  const kills = new Map<Mutant, Kill>();
  const groupOf = ({ system, role }: Mutant) => role === "selector" ? `${system}.${role}` : system;
  for (const group of new Set(mutants.map(groupOf))) {
    const queue = mutants.filter((mutant) => groupOf(mutant) === group);
    const worker = async () => {
      for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
        kills.set(mutant, await killOf(mutant, options));
        options.onKill?.(kills.get(mutant)!);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE[group] ?? AT_ONCE_ELSE }, worker));
  }
  const isRight = (kill: Kill) => faultOf(kill) === undefined && isAsKept(kill, kept);
  for (const mutant of mutants) {
    for (let runs = 0; runs < RUNS_AGAIN && !isRight(kills.get(mutant)!); runs++) {
      kills.set(mutant, await killOf(mutant, options, JOBS_AGAIN));
      options.onKill?.(kills.get(mutant)!);
    }
  }
  return mutants.map((mutant) => kills.get(mutant)!);
}

/** Runs one mutant against the cases of the roles that it is judged in. */
export async function killOf(
  mutant: Mutant,
  { on, extent, seed }: Pick<MatrixOptions, "on" | "extent" | "seed">,
  jobs: number = JOBS,
): Promise<Kill> {
  const implementation = mutantImplementation(mutant.name, on)!;
  const whole = suiteOf(mutant.system)!;
  const suite = { ...whole, cases: judgedCases(whole, mutant, extent) };
  const roles = judgedRoles(mutant);
  const [role] = roles;
  const report = await check(suite, implementation, {
    // Not by role: cases of the roles that are started beside it judge the reference.
    selection: roles.length === 1 ? { only: [`${mutant.system}.${role}.*`] } : {},
    on,
    jobs,
    seed,
    fast: false,
    timeoutMs: CASE_MS_OF[mutant.system] ?? CASE_MS,
  });
  const ids = (...verdicts: CaseReport["verdict"][]) =>
    report.cases.filter(({ verdict }) => verdicts.includes(verdict));
  const failed = ids("fail", "optional-fail");
  return {
    mutant,
    rules: suite.rules.map(({ id }) => id)
      .filter((id) => failed.some(({ rule }) => rule === id)),
    cases: failed.map(({ id }) => id),
    errors: ids("error", "skipped").map(({ id, message }) => `${id}: ${message}`),
  };
}

/** What is wrong with a mutant, or with the suite that judged it, in a sentence; undefined for nothing. */
export function faultOf({ mutant, rules, errors }: Kill): string | undefined {
  if (errors.length > 0) return `has cases without a verdict: ${errors.join("; ")}`;
  if (!rules.includes(mutant.breaks)) return `survives: ${mutant.breaks} did not fail`;
  const related = Object.keys(mutant.related ?? {});
  const others = rules.filter((rule) => rule !== mutant.breaks && !related.includes(rule));
  if (others.length > 0) return `also fails ${others.join(", ")}`;
  const idle = related.filter((rule) => !rules.includes(rule));
  return idle.length > 0 ? `names ${idle.join(", ")} as related, which did not fail` : undefined;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      system: { type: "string" },
      only: { type: "string" },
      sample: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
    },
  });
  if (values.write && (values.only !== undefined || values.sample)) {
    console.error(
      "--write takes all of a system's mutants and cases: leave --only and --sample out",
    );
    return 2;
  }
  // An exit ends the programs that run; a signal by itself would not.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(3));
  const started = performance.now();
  const kills = await killMatrix({
    on: "bun",
    extent: values.sample ? "sample" : "whole",
    ...(values.only === undefined ? {} : { only: values.only }),
    ...(values.system === undefined ? {} : { system: values.system }),
    seed: 1,
    onKill(kill) {
      const { mutant, cases } = kill;
      const failed = `${cases.length} failed`;
      const fault = faultOf(kill);
      console.log(
        mutant.name.padEnd(38),
        mutant.breaks.padEnd(40),
        fault === undefined ? failed : `${failed}: ${fault}`,
      );
    },
  });
  const faults = kills.map((kill) => [kill.mutant.name, faultOf(kill)] as const)
    .filter(([, fault]) => fault !== undefined);
  for (const [name, fault] of faults) console.log(`WRONG ${name} ${fault}`);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${kills.length} mutants, ${faults.length} wrong, ${seconds} s`);
  if (faults.length > 0) return 1;
  if (values.write) writeFileSync(DOCUMENT, killMatrixDocument(kills, keptDocument()));
  return 0;
}

// Deno and Node tell by import.meta.main only from some version on; the path tells everywhere.
if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
