/** Runs cases against one implementation: in parallel, each bounded, each with a verdict. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import process from "node:process";
import { join } from "node:path";
import type { Case, Rule, Suite } from "../case.ts";
import type { RecordedDatagram } from "../datagram.ts";
import { ManifestError } from "../manifest/mod.ts";
import { LaunchError, PortPool } from "../process/mod.ts";
import { CaseBlocked, CaseFailure, CaseSkipped, CaseUnsupported } from "../verdict.ts";
import type { Outcome, Verdict } from "../verdict.ts";
import { CaseContext } from "./context.ts";
import type { RunState } from "./context.ts";
import type { Implementation } from "./implementation.ts";
import { roleOf } from "./implementation.ts";

export interface RunOptions {
  readonly jobs: number;
  readonly seed: number;
  /** A box around each program of a submission, or none. */
  readonly isolation?: "bwrap" | "none";
  readonly fast: boolean;
  /** Milliseconds for one case; undefined takes the case's own. */
  readonly timeoutMs: number | undefined;
  /** Told of each verdict as it comes. */
  readonly onVerdict?: (result: CaseResult, done: number, total: number) => void;
  /** Ends the run early: cases that have not run are errors. */
  readonly signal?: AbortSignal;
}

export interface CaseResult {
  readonly case: Case;
  readonly rule: Rule;
  readonly outcome: Outcome;
  readonly verdict: Verdict;
  readonly durationMs: number;
  /** What went over UDP in a case that did not pass. */
  readonly datagrams: readonly RecordedDatagram[];
}

const CASE_MS = 90_000;
/** A case that may wait for the interval of the assignment, 300 s, twice. */
const WAITING_CASE_MS = 720_000;

/** One for the process, so that two runs at once do not take the same ports. */
const ports = new PortPool();

/** Runs the cases; the results are in the order of the cases. */
export async function runCases(
  suite: Suite,
  cases: readonly Case[],
  implementation: Implementation,
  options: RunOptions,
): Promise<CaseResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-"));
  const run = new Run(suite, cases, implementation, options, folder);
  try {
    return await run.all();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Run {
  readonly #suite: Suite;
  readonly #cases: readonly Case[];
  readonly #options: RunOptions;
  readonly #folder: string;
  readonly #state: RunState;
  readonly #results = new Map<Case, CaseResult>();
  /** Of the last attempt at each case that did not pass. */
  readonly #datagrams = new Map<Case, readonly RecordedDatagram[]>();
  readonly #token = `${process.pid}-${Date.now().toString(36)}`;
  #attempts = 0;

  constructor(
    suite: Suite,
    cases: readonly Case[],
    implementation: Implementation,
    options: RunOptions,
    folder: string,
  ) {
    this.#suite = suite;
    this.#cases = cases;
    this.#options = options;
    this.#folder = folder;
    this.#state = {
      implementation,
      isolation: options.isolation ?? "none",
      ports,
      listened: new Set(),
      silent: new Map(),
    };
  }

  async all(): Promise<CaseResult[]> {
    const doubtful: { one: Case; outcome: Outcome }[] = [];
    // Those that wait go first, so that the last job is a short one.
    const long = ({ waits, slow }: Case) => waits ? 2 : Number(slow ?? false);
    const queue = [...this.#cases].sort((a, b) => long(b) - long(a));
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const started = performance.now();
        const outcome = await this.#attempt(next, true);
        // By the clock, or by a clock that was bent: not believed at once.
        const doubted = outcome.kind === "error" ||
          (outcome.kind === "fail" && (next.timed || this.#warps(next)));
        if (doubted) doubtful.push({ one: next, outcome });
        else this.#settle(next, outcome, started);
      }
    };
    await Promise.all(Array.from({ length: this.#options.jobs }, worker));
    for (const { one, outcome } of doubtful) {
      const started = performance.now();
      // What cannot be judged in the end need not be waited for again.
      const idle = outcome.kind === "fail" && this.#failedNeed(one) !== undefined;
      this.#settle(one, idle ? outcome : await this.#again(one), started);
    }
    return this.#cases.map((one) => this.#blocked(this.#results.get(one) as CaseResult));
  }

  /** With nothing beside it; under a straight clock where the first was bent. */
  async #again(one: Case): Promise<Outcome> {
    const outcome = await this.#attempt(one, true);
    if (outcome.kind !== "fail" || !this.#warps(one)) return outcome;
    if (this.#options.fast) {
      return {
        kind: "skipped",
        message:
          `fails under a warped clock, which is no verdict; left out by --fast: ${outcome.message}`,
      };
    }
    return this.#attempt(one, false);
  }

  #warps(one: Case): boolean {
    const spec = roleOf(this.#state.implementation, this.#rule(one).role);
    return one.waits === true && spec?.idle === "warp" &&
      !JSON.stringify(spec).includes("{interval}");
  }

  #rule(one: Case): Rule {
    const rule = this.#suite.rules.find(({ id }) => id === one.rule);
    if (!rule) throw new Error(`case ${one.id} names no rule: ${one.rule}`);
    return rule;
  }

  #settle(one: Case, outcome: Outcome, started: number): void {
    const rule = this.#rule(one);
    const durationMs = Math.round(performance.now() - started);
    const datagrams = this.#datagrams.get(one) ?? [];
    const verdict = verdictOf(outcome, rule);
    const result = { case: one, rule, outcome, verdict, durationMs, datagrams };
    this.#results.set(one, result);
    this.#options.onVerdict?.(result, this.#results.size, this.#cases.length);
  }

  async #attempt(one: Case, warp: boolean): Promise<Outcome> {
    const unsupported = this.#unsupported(one);
    if (unsupported) return unsupported;
    const leave = await this.#suite.turn?.(this.#state.implementation);
    try {
      return await this.#attemptNow(one, warp);
    } finally {
      leave?.();
    }
  }

  async #attemptNow(one: Case, warp: boolean): Promise<Outcome> {
    if (this.#options.signal?.aborted) return { kind: "error", message: "the run was stopped" };
    const timeoutMs = this.#options.timeoutMs ?? one.limitMs ??
      (one.waits ? WAITING_CASE_MS : CASE_MS);
    const number = ++this.#attempts;
    const context = new CaseContext(
      one.id,
      join(this.#folder, String(number)),
      `${this.#token}-${number}`,
      { warp, fast: this.#options.fast, seed: this.#options.seed, timeoutMs },
      this.#state,
    );
    let outcome: Outcome;
    try {
      outcome = await this.#bounded(one, context, timeoutMs);
      if (outcome.kind === "pass") this.#datagrams.delete(one);
      else this.#datagrams.set(one, context.datagrams);
    } finally {
      await context.end().catch((error) => {
        outcome = { kind: "error", message: `after the case: ${(error as Error).message}` };
      });
    }
    return outcome;
  }

  #bounded(one: Case, context: CaseContext, timeoutMs: number): Promise<Outcome> {
    return new Promise((resolve) => {
      const stop = () => settle({ kind: "error", message: "the run was stopped" });
      const settle = (outcome: Outcome) => {
        clearTimeout(timer);
        this.#options.signal?.removeEventListener("abort", stop);
        resolve(outcome);
      };
      const timer = setTimeout(() => {
        const seconds = timeoutMs / 1000;
        settle({
          kind: "fail",
          message: `not done after ${seconds} s (--timeout sets the limit)`,
          evidence: {
            sent: "see the log",
            expected: `an end within ${seconds} s`,
            actual: `${context.log.toString()}\n${context.printed()}`.trim(),
          },
        });
      }, timeoutMs);
      this.#options.signal?.addEventListener("abort", stop);
      one.run(context).then(
        (message) => settle({ kind: "pass", message: message ?? "" }),
        (error) => settle(outcomeOf(error)),
      );
    });
  }

  #unsupported(one: Case): Outcome | undefined {
    const { implementation } = this.#state;
    const rule = this.#rule(one);
    const { claims = [], lacks = [] } = implementation.manifest;
    if (lacks.includes(rule.id)) {
      return { kind: "unsupported", message: `lacks ${rule.id}, as its manifest says` };
    }
    const missing = rolesOf(one, rule).find((role) => !roleOf(implementation, role));
    if (missing) return { kind: "unsupported", message: `the implementation has no ${missing}` };
    if (rule.level === "MAY" && !claims.includes(rule.id)) {
      return { kind: "unsupported", message: "optional, and not claimed in the manifest" };
    }
    return undefined;
  }

  /** A rule that the case needs and that has failed by now, and not for want of another. */
  #failedNeed(one: Case): string | undefined {
    const failed = [...this.#results.values()].filter(({ outcome }) => outcome.kind === "fail");
    return (one.needs ?? []).find((rule) =>
      failed.some((other) => other.rule.id === rule && this.#failedNeed(other.case) === undefined)
    );
  }

  /** A failure of a case whose groundwork failed says nothing more. */
  #blocked(result: CaseResult): CaseResult {
    if (result.outcome.kind !== "fail") return result;
    const failed = this.#failedNeed(result.case);
    if (!failed) return result;
    const message = `judged only when ${failed} holds: ${result.outcome.message}`;
    return { ...result, outcome: { kind: "blocked", message }, verdict: "blocked" };
  }
}

/** The roles that the implementation needs for a case. */
export function rolesOf(one: Case, rule: Rule): readonly string[] {
  return one.roles ?? [rule.role];
}

function verdictOf(outcome: Outcome, rule: Rule): Verdict {
  if (outcome.kind !== "fail") return outcome.kind;
  return rule.level === "MUST" ? "fail" : "optional-fail";
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof CaseFailure) {
    return { kind: "fail", message: error.message, evidence: error.evidence };
  }
  if (error instanceof CaseBlocked) return { kind: "blocked", message: error.message };
  if (error instanceof CaseSkipped) return { kind: "skipped", message: error.message };
  if (error instanceof CaseUnsupported) return { kind: "unsupported", message: error.message };
  if (error instanceof ManifestError || error instanceof LaunchError) {
    // The submission's own: its program is not there, or its manifest does not fit the case.
    return {
      kind: "fail",
      message: error.message,
      evidence: { sent: "started the program", expected: "it runs", actual: error.message },
    };
  }
  const message = error instanceof Error ? error.stack ?? error.message : String(error);
  return { kind: "error", message };
}
