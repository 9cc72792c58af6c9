/** `check --bless`: makes goldens say what an implementation answers. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { selectCases } from "./check.ts";
import type { CheckOptions } from "./check.ts";
import type { Case, Suite } from "./engine/case.ts";
import { askGolden } from "./engine/golden/ask.ts";
import { GoldenError, parseGolden } from "./engine/golden/parse.ts";
import type { Golden } from "./engine/golden/parse.ts";
import { packageRoot } from "./engine/package.ts";
import type { Implementation } from "./engine/run/implementation.ts";
import { roleOf } from "./engine/run/implementation.ts";
import { runCases } from "./engine/run/runner.ts";
import type { CaseResult } from "./engine/run/runner.ts";
import { CaseFailure } from "./engine/verdict.ts";
import { RecordError } from "./record/error.ts";
import { rewriteGolden } from "./record/rewrite.ts";
import { recordableRoles, startTarget } from "./record/targets.ts";
import { recordTwice } from "./record/twice.ts";
import { diffLines } from "./report/mod.ts";
import { suiteOf } from "./suites.ts";

export interface BlessOptions {
  /** The folder that `golden/` lies in; the package's own where it is not given. */
  readonly root?: string;
  /** Takes each line of what was done; standard output where it is not given. */
  readonly print?: (line: string) => void;
}

/** A golden case of the selection, and its file. */
interface Blessable {
  readonly case: Case;
  readonly path: string;
  /** Undefined for a trace: what must come there is a rule's word, not a program's. */
  readonly golden: Golden | undefined;
  readonly file: string;
}

/**
 * Rewrites the goldens of the selected cases that the implementations fail. Returns the exit code: 1
 * where a golden that fails could not be rewritten, 3 where a case could not be run.
 */
export async function bless(
  implementations: readonly Implementation[],
  settings: CheckOptions,
  { root = packageRoot, print = console.log }: BlessOptions = {},
): Promise<number> {
  let refused = 0;
  let errors = 0;
  for (const implementation of implementations) {
    const suite = suiteOf(implementation.system) as Suite;
    const found = goldensOf(suite, implementation, settings, root);
    const cases = found.map((one) => one.case);
    const results = await runCases(suite, cases, implementation, settings);
    const failed = results.filter(({ outcome }) => outcome.kind === "fail");
    let blessed = 0;
    for (const result of failed) {
      const one = found[cases.indexOf(result.case)] as Blessable;
      const refusal = await blessOne(one, result, implementation, settings.seed, print);
      if (refusal === undefined) blessed++;
      else print(`refused ${one.case.id}: ${refusal}`);
    }
    for (const { case: one, outcome } of results) {
      if (outcome.kind !== "error") continue;
      errors++;
      print(`not run ${one.id}: ${outcome.message}`);
    }
    refused += failed.length - blessed;
    print(
      `${implementation.name}: of ${cases.length} golden cases ${failed.length} failed; ` +
        `${blessed} rewritten, ${failed.length - blessed} refused`,
    );
  }
  return refused > 0 ? 1 : errors > 0 ? 3 : 0;
}

/** The golden cases of a selection, each run from the file below `root`. */
function goldensOf(
  suite: Suite,
  implementation: Implementation,
  { selection }: CheckOptions,
  root: string,
): Blessable[] {
  return selectCases(suite, selection).flatMap((one): Blessable[] => {
    const path = one.golden;
    if (path === undefined) return [];
    const file = join(root, path);
    if (path.endsWith(".trace")) return [{ case: one, path, golden: undefined, file }];
    const golden = parseGolden(path, readFileSync(file, "utf8"));
    const role = golden.keys.role ?? "";
    const played = recordableRoles(suite.system).includes(role);
    // What the suite plays, a client's servers, is run as the suite has it.
    if (!played || !roleOf(implementation, role)) return [{ case: one, path, golden, file }];
    const run: Case["run"] = async (context) => {
      const target = await startTarget(context, golden);
      await askGolden(context, golden, target.at, target.values);
    };
    return [{ case: { ...one, run }, path, golden, file }];
  });
}

/** Undefined where the file was rewritten, else why it was not. */
async function blessOne(
  { path, golden, file }: Blessable,
  { outcome, rule }: CaseResult,
  implementation: Implementation,
  seed: number,
  print: (line: string) => void,
): Promise<string | undefined> {
  if (!golden) {
    return `${path} is an exchange of datagrams, which --bless does not rewrite: what must come ` +
      "follows from the rule; edit it by hand if it is wrong, or make a new one from a capture by " +
      `steelyard trace convert CAPTURE.pcapng NEW.trace (${outcome.message})`;
  }
  if (!recordableRoles(implementation.system).includes(rule.role)) {
    return `what a golden of the ${rule.role} expects is an outcome, not an answer that can be ` +
      `recorded; edit ${path} by hand if it is wrong (${outcome.message})`;
  }
  try {
    const before = readFileSync(file, "utf8");
    const after = rewriteGolden(
      path,
      before,
      await recordTwice(implementation, golden, seed),
    );
    if (after === before) {
      return `its answers fit ${path} as it is; what failed is not in it: ${outcome.message}`;
    }
    writeFileSync(file, after);
    print(`rewrote ${path}\n${diffLines(before, after)}\n`);
    return undefined;
  } catch (error) {
    if (error instanceof RecordError || error instanceof CaseFailure) return error.message;
    // The rewritten text cannot be read back, so it was not written.
    if (error instanceof GoldenError || error instanceof SyntaxError) return error.message;
    throw error;
  }
}
